#include "nodes/store_command.hpp"

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "nodes/control_client.hpp"
#include "nodes/job_json.hpp"
#include "nodes/open_files.hpp"
#include "nodes/printable_text.hpp"
#include "nodes/progress_line.hpp"
#include "nodes/store_backup_command.hpp"
#include "nodes/store_reports.hpp"
#include "persistence/data_folder.hpp"
#include "persistence/store_figures.hpp"
#include "persistence/store_restore.hpp"
#include "persistence/store_summary.hpp"
#include "persistence/store_verify.hpp"
#include "persistence/stored_jobs.hpp"

namespace darkroom::nodes {
namespace {

namespace fs = std::filesystem;

/// Faults that --json spells out; all are counted.
constexpr std::size_t most_faults_in_json = 1'000;

/// 2 where the command was pointed at nothing, like a mistake on the command line.
int fail(std::ostream& err, const persistence::StoreError& error) {
  err << "darkroom: " << printable(error.message) << '\n';
  return error.code == persistence::StoreErrorCode::not_found ? 2 : 1;
}

tl::expected<persistence::StoredJobs, persistence::StoreError> open_jobs(
    const StoreCommand& command) {
  const auto& storage = command.config.storage_path;
  return persistence::StoredJobs::open(storage / persistence::data_folder::jobs,
                                       command.config.store);
}

int inspect_job(const StoreCommand& command, const persistence::StoredJobs& jobs, std::ostream& out,
                std::ostream& err) {
  const auto record = jobs.get(*command.id);
  if (!record) return fail(err, record.error());
  if (!*record) {
    err << fmt::format("darkroom: there is no job {} in {}\n", command.id->to_string(),
                       printable(command.config.storage_path.string()));
    return 1;
  }
  if (!(*record)->job) {
    err << fmt::format("darkroom: the record of job {} ({} bytes) is damaged: {}\n",
                       command.id->to_string(), (*record)->bytes,
                       printable((*record)->job.error()));
    return 1;
  }
  out << job_to_json(*(*record)->job, command.config.storage_path) << '\n';
  return 0;
}

int inspect(const StoreCommand& command, std::ostream& out, std::ostream& err) {
  const auto jobs = open_jobs(command);
  if (!jobs) return fail(err, jobs.error());
  if (command.id) return inspect_job(command, *jobs, out, err);
  const auto summary = persistence::summarise(*jobs);
  if (!summary) return fail(err, summary.error());
  print_summary(*summary, command, out);
  return summary->damaged == 0 ? 0 : 1;
}

int stats(const StoreCommand& command, std::ostream& out, std::ostream& err) {
  const auto jobs = open_jobs(command);
  if (!jobs) return fail(err, jobs.error());
  const auto figures = persistence::measure(*jobs, command.config.storage_path);
  if (!figures) return fail(err, figures.error());
  std::optional<std::string> status;
  if (auto answer = ControlClient{command.config.storage_path}.get("/control/status")) {
    status = std::move(*answer);
  }
  if (command.json) {
    out << figures_to_json(*figures, status) << '\n';
  } else {
    print_figures(*figures, command, status, out);
  }
  return 0;
}

int verify(const StoreCommand& command, std::ostream& out, std::ostream& err) {
  const auto begun = std::chrono::steady_clock::now();
  std::vector<persistence::VerifyFault> faults;
  tl::expected<persistence::VerifyReport, persistence::StoreError> report;
  {
    ProgressLine progress{err, errors_go_to_a_terminal()};
    report = persistence::verify_store(
        command.config.storage_path, command.config.store,
        {.fault =
             [&](const persistence::VerifyFault& fault) {
               if (!command.json) {
                 out << to_line(fault) << std::endl;
               } else if (faults.size() < most_faults_in_json) {
                 faults.push_back(fault);
               }
             },
         .progress =
             [&](const persistence::VerifyReport& now) {
               progress.show([&] {
                 return fmt::format("{}: {} jobs, {} files, {}, {} faults",
                                    persistence::to_string(now.phase), now.jobs, now.blobs,
                                    readable_bytes(now.blob_bytes), now.faults);
               });
             }});
  }
  if (!report) return fail(err, report.error());
  if (command.json) {
    out << report_to_json(*report, faults) << '\n';
  } else {
    print_report(*report,
                 std::chrono::duration_cast<std::chrono::milliseconds>(
                     std::chrono::steady_clock::now() - begun),
                 out);
  }
  return report->faults == 0 ? 0 : 1;
}

}  // namespace

int run_store(const StoreCommand& command, std::ostream& out, std::ostream& err) {
  // Reading beside a service opens every table of the store. Where the limit cannot be raised, it
  // is the opening that says so.
  constexpr std::uint64_t open_tables = 4'096;
  (void)allow_open_files(open_tables);
  if (command.action == StoreAction::backup) return run_store_backup(command, out, err);
  if (command.action == StoreAction::restore) return run_store_restore(command, out, err);
  if (const auto whole = persistence::check_restored(command.config.storage_path); !whole) {
    return fail(err, whole.error());
  }
  if (command.action == StoreAction::inspect) return inspect(command, out, err);
  if (command.action == StoreAction::stats) return stats(command, out, err);
  return verify(command, out, err);
}

}  // namespace darkroom::nodes
