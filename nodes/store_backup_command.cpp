#include "nodes/store_backup_command.hpp"

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "nodes/control_client.hpp"
#include "nodes/printable_text.hpp"
#include "nodes/progress_line.hpp"
#include "nodes/version.hpp"
#include "persistence/data_folder.hpp"
#include "persistence/job_store.hpp"
#include "persistence/store_backup.hpp"
#include "persistence/store_restore.hpp"

namespace darkroom::nodes {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds between_looks{100};
/// A service that answers nothing for so long while it makes a backup is taken for gone.
constexpr int failures_in_a_row = 5;

int fail(std::ostream& err, const std::string& message, int code = 1) {
  err << "darkroom: " << printable(message) << '\n';
  return code;
}

/// What a backup that is whole is told by, from whichever of the two made it.
struct Outcome {
  std::uint64_t jobs = 0;
  std::uint64_t damaged_records = 0;
  std::uint64_t job_store_bytes = 0;
  std::uint64_t files = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t missing_files = 0;
  std::uint64_t deleted_meanwhile = 0;
  std::uint64_t files_linked = 0;
  std::uint64_t files_copied = 0;
  std::uint64_t bytes_copied = 0;
  std::uint64_t files_removed = 0;
  std::string untidy;
  std::chrono::milliseconds duration{0};
};

Outcome outcome_of(const persistence::BackupSummary& summary) {
  const auto& manifest = summary.manifest;
  return {.jobs = manifest.jobs,
          .damaged_records = manifest.damaged_records,
          .job_store_bytes = manifest.job_store_bytes,
          .files = manifest.blobs,
          .file_bytes = manifest.blob_bytes,
          .missing_files = manifest.missing_blobs,
          .deleted_meanwhile = summary.deleted_meanwhile,
          .files_linked = summary.files_linked,
          .files_copied = summary.files_copied,
          .bytes_copied = summary.bytes_copied,
          .files_removed = summary.files_removed,
          .untidy = summary.untidy,
          .duration = summary.duration};
}

std::uint64_t number_in(const rapidjson::Value& json, const char* name) {
  const auto member = json.FindMember(name);
  return member != json.MemberEnd() && member->value.IsUint64() ? member->value.GetUint64() : 0;
}

std::string text_in(const rapidjson::Value& json, const char* name) {
  const auto member = json.FindMember(name);
  if (member == json.MemberEnd() || !member->value.IsString()) return {};
  return {member->value.GetString(), member->value.GetStringLength()};
}

Outcome outcome_in(const rapidjson::Value& json) {
  return {.jobs = number_in(json, "jobs"),
          .damaged_records = number_in(json, "damaged_records"),
          .job_store_bytes = number_in(json, "job_store_bytes"),
          .files = number_in(json, "files"),
          .file_bytes = number_in(json, "file_bytes"),
          .missing_files = number_in(json, "missing_files"),
          .deleted_meanwhile = number_in(json, "deleted_meanwhile"),
          .files_linked = number_in(json, "files_linked"),
          .files_copied = number_in(json, "files_copied"),
          .bytes_copied = number_in(json, "bytes_copied"),
          .files_removed = number_in(json, "files_removed"),
          .untidy = text_in(json, "untidy"),
          .duration = std::chrono::milliseconds{number_in(json, "milliseconds")}};
}

/// The exit code: 1 where something of the store could not be backed up.
int tell(const Outcome& outcome, const fs::path& target, std::ostream& out) {
  out << fmt::format(
      "backed up {} jobs ({}) and {} files ({}) to {} in {}\n"
      "new files: {} linked, {} copied ({}); removed {} that no job has any more\n",
      outcome.jobs, readable_bytes(outcome.job_store_bytes), outcome.files,
      readable_bytes(outcome.file_bytes), printable(target.string()),
      readable_seconds(outcome.duration), outcome.files_linked, outcome.files_copied,
      readable_bytes(outcome.bytes_copied), outcome.files_removed);
  if (outcome.deleted_meanwhile > 0) {
    out << fmt::format("{} files are left out: their jobs were deleted meanwhile\n",
                       outcome.deleted_meanwhile);
  }
  const auto lost = outcome.missing_files - outcome.deleted_meanwhile;
  if (lost > 0) {
    out << fmt::format(
        "{} files of jobs are missing in the data folder or have another size; darkroom store "
        "verify says which\n",
        lost);
  }
  if (outcome.damaged_records > 0) {
    out << fmt::format(
        "{} records are damaged and were backed up as they are; darkroom store "
        "inspect says which\n",
        outcome.damaged_records);
  }
  if (!outcome.untidy.empty()) {
    out << fmt::format("what the backup before had could not be removed: {}\n",
                       printable(outcome.untidy));
  }
  return lost > 0 || outcome.damaged_records > 0 ? 1 : 0;
}

std::string progress_text(std::string_view phase, std::uint64_t files, std::uint64_t bytes) {
  return fmt::format("{}: {} files, {} copied", phase, files, readable_bytes(bytes));
}

/// Waits for backup `number` of the running service.
int follow(const ControlClient& service, std::uint64_t number, const fs::path& target,
           std::ostream& out, std::ostream& err) {
  ProgressLine progress{err, errors_go_to_a_terminal()};
  int failures = 0;
  while (true) {
    std::this_thread::sleep_for(between_looks);
    const auto answer = service.get("/control/backup");
    if (!answer) {
      if (answer.error().kind == ControlFailureKind::failed && ++failures < failures_in_a_row) {
        continue;
      }
      return fail(err, "the service went away before the backup was whole; run it again (" +
                           answer.error().message + ")");
    }
    failures = 0;
    rapidjson::Document state;
    state.Parse(answer->data(), answer->size());
    if (state.HasParseError() || !state.IsObject()) {
      return fail(err, "the service's answer cannot be read; is it of another version?");
    }
    if (const auto latest = number_in(state, "number"); latest != number) {
      return fail(err, latest > number
                           ? "the backup has ended, and another was begun before its end was seen; "
                             "the service's log says how it went"
                           : "the service was started again before the backup was whole; run it "
                             "again");
    }
    if (state.HasMember("summary") && state["summary"].IsObject()) {
      return tell(outcome_in(state["summary"]), target, out);
    }
    if (state.HasMember("error")) return fail(err, text_in(state, "error"));
    progress.show([&] {
      return progress_text(text_in(state, "phase"), number_in(state, "files_seen"),
                           number_in(state, "copied_bytes"));
    });
  }
}

persistence::BackupWatch watch_into(ProgressLine& progress) {
  return {.goes_on = [] { return true; },
          .report =
              [&progress](const persistence::BackupProgress& now) {
                progress.show([&] {
                  return progress_text(persistence::to_string(now.phase), now.files,
                                       now.copied_bytes);
                });
              }};
}

int back_up_ourselves(const StoreCommand& command, const fs::path& target, std::ostream& out,
                      std::ostream& err) {
  const auto& storage = command.config.storage_path;
  const auto jobs_folder = storage / persistence::data_folder::jobs;
  std::error_code ignored;
  if (!fs::exists(jobs_folder, ignored)) {
    return fail(err,
                "there is no job store in " + jobs_folder.string() +
                    "; --storage-path names the folder that `darkroom serve` works in",
                2);
  }
  if (const auto whole = persistence::check_restored(storage); !whole) {
    return fail(err, whole.error().message);
  }
  const auto jobs = persistence::open_rocks_job_store(jobs_folder, command.config.store);
  if (!jobs) return fail(err, jobs.error().message);
  ProgressLine progress{err, errors_go_to_a_terminal()};
  const auto made = persistence::back_up_store(**jobs,
                                               {.root = storage,
                                                .target = target,
                                                .options = command.config.store,
                                                .version = std::string{version()}},
                                               watch_into(progress));
  if (!made) return fail(err, made.error().message);
  return tell(outcome_of(*made), target, out);
}

}  // namespace

int run_store_backup(const StoreCommand& command, std::ostream& out, std::ostream& err) {
  const auto target = fs::absolute(command.folder).lexically_normal();
  const ControlClient service{command.config.storage_path};
  const auto begun = service.post("/control/backup?target=" + query_value(target.string()));
  if (!begun) {
    if (begun.error().kind == ControlFailureKind::no_service) {
      return back_up_ourselves(command, target, out, err);
    }
    return fail(err, begun.error().message);
  }
  rapidjson::Document state;
  state.Parse(begun->data(), begun->size());
  if (state.HasParseError() || !state.IsObject()) {
    return fail(err, "the service's answer cannot be read; is it of another version?");
  }
  return follow(service, number_in(state, "number"), target, out, err);
}

int run_store_restore(const StoreCommand& command, std::ostream& out, std::ostream& err) {
  const auto& storage = command.config.storage_path;
  ProgressLine progress{err, errors_go_to_a_terminal()};
  const auto restored = persistence::restore_store(storage, command.folder, command.config.store,
                                                   watch_into(progress));
  if (!restored) return fail(err, restored.error().message);
  const auto& manifest = restored->manifest;
  out << fmt::format(
      "restored {} jobs and {} files ({}; {} linked, {} copied) of {}, made by Darkroom {}, into "
      "{} in {}\n"
      "darkroom store verify compares every file with its SHA-256\n",
      manifest.jobs, manifest.blobs, readable_bytes(manifest.blob_bytes), restored->files_linked,
      restored->files_copied, jobs::to_rfc3339(manifest.made_at), printable(manifest.version),
      printable(storage.string()), readable_seconds(restored->duration));
  if (manifest.missing_blobs > 0) {
    out << fmt::format("{} files were missing already when the backup was made\n",
                       manifest.missing_blobs);
  }
  return 0;
}

}  // namespace darkroom::nodes
