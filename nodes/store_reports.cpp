#include "nodes/store_reports.hpp"

#include <array>
#include <cstdint>
#include <ostream>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "json/json_writer.hpp"
#include "nodes/printable_text.hpp"
#include "nodes/progress_line.hpp"
#include "nodes/version.hpp"
#include "persistence/job_record.hpp"

namespace darkroom::nodes {
namespace {

using persistence::StoreFigures;

/// What a running service has in memory for its job store.
constexpr std::array<const char*, 5> memory_members{"block_cache_bytes", "block_cache_limit",
                                                    "write_buffer_bytes", "write_buffer_limit",
                                                    "table_reader_bytes"};

/// The members of memory_members, in their order; none where the answer lacks them.
std::optional<std::array<std::uint64_t, 5>> memory_in(const std::optional<std::string>& status) {
  if (!status) return std::nullopt;
  rapidjson::Document json;
  json.Parse(status->data(), status->size());
  if (json.HasParseError() || !json.IsObject()) return std::nullopt;
  const auto memory = json.FindMember("job_store_memory");
  if (memory == json.MemberEnd() || !memory->value.IsObject()) return std::nullopt;
  std::array<std::uint64_t, 5> values{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto member = memory->value.FindMember(memory_members.at(i));
    if (member == memory->value.MemberEnd() || !member->value.IsUint64()) return std::nullopt;
    values.at(i) = member->value.GetUint64();
  }
  return values;
}

std::string name_of(const jobs::JobId& id) {
  return id == jobs::JobId{} ? "(no id)" : id.to_string();
}

std::string in_words(const StoreFigures::Files& files) {
  return fmt::format("{:>9} files  {:>12}", files.files, readable_bytes(files.bytes));
}

void write_files(json::JsonWriter& json, std::string_view name, const StoreFigures::Files& files) {
  json.object(name, [&] {
    json.member("files", files.files);
    json.member("bytes", files.bytes);
  });
}

}  // namespace

void print_summary(const persistence::StoreSummary& summary, const StoreCommand& command,
                   std::ostream& out) {
  out << fmt::format("data folder      {}\n", printable(command.config.storage_path.string()))
      << fmt::format(
             "versions         Darkroom {}, store schema {}, records up to schema {}, "
             "RocksDB {}\n",
             version(), printable(summary.schema), persistence::job_record_schema,
             summary.rocksdb_version)
      << fmt::format("jobs             {} ({} of records)\n", summary.jobs,
                     readable_bytes(summary.record_bytes));
  for (std::size_t i = 0; i < summary.by_status.size(); ++i) {
    out << fmt::format("  {:<14} {}\n", jobs::to_string(static_cast<jobs::JobStatus>(i)),
                       summary.by_status.at(i));
  }
  if (const auto& job = summary.oldest_unfinished) {
    out << fmt::format("oldest unfinished {}, {} since {}\n", job->id.to_string(),
                       jobs::to_string(job->status), jobs::to_rfc3339(job->created_at));
  } else {
    out << "oldest unfinished none\n";
  }
  out << fmt::format("damaged records  {}\n", summary.damaged);
  for (const auto& record : summary.damaged_records) {
    out << fmt::format("  {}: {}\n", name_of(record.id), printable(record.job.error()));
  }
  if (summary.damaged > summary.damaged_records.size()) {
    out << fmt::format("  and {} more\n", summary.damaged - summary.damaged_records.size());
  }
}

void print_figures(const StoreFigures& figures, const StoreCommand& command,
                   const std::optional<std::string>& status, std::ostream& out) {
  out << fmt::format("data folder {}\n\njob store on disk\n",
                     printable(command.config.storage_path.string()));
  for (const auto& family : figures.families) {
    out << fmt::format("  {:<14} {:>9} files  {:>12}  about {} entries\n", family.name,
                       family.files, readable_bytes(family.bytes), family.entries);
  }
  out << fmt::format("  {:<14} {}\n", "all tables", in_words(figures.tables))
      << fmt::format("  {:<14} {}\n\nuploads\n", "logs", in_words(figures.logs));
  for (const auto& folder : figures.uploads)
    out << fmt::format("  {:<14} {}\n", printable(folder.name), in_words(folder.content));
  out << fmt::format("  {:<14} {}\n", "all", in_words(figures.blobs))
      << fmt::format("  {:<14} {}\n\n", "temporary", in_words(figures.temporary));
  if (const auto memory = memory_in(status)) {
    const auto& [cache, cache_limit, buffers, buffers_limit, readers] = *memory;
    out << fmt::format(
        "job store in memory of the running service\n"
        "  block cache    {} of {} (store.block_cache)\n"
        "  write buffers  {} of {} (store.write_buffer), counted in the cache\n"
        "  open tables    {} beside it\n",
        readable_bytes(cache), readable_bytes(cache_limit), readable_bytes(buffers),
        readable_bytes(buffers_limit), readable_bytes(readers));
  } else {
    out << "no service that could say what it has in memory runs on this data folder\n";
  }
}

std::string figures_to_json(const StoreFigures& figures, const std::optional<std::string>& status) {
  json::JsonWriter json;
  json.list("column_families", figures.families, [&](const StoreFigures::Family& family) {
    json.member("name", family.name);
    json.member("entries_estimated", family.entries);
    json.member("files", family.files);
    json.member("bytes", family.bytes);
  });
  write_files(json, "tables", figures.tables);
  write_files(json, "logs", figures.logs);
  json.list("folders", figures.uploads, [&](const StoreFigures::Folder& folder) {
    json.member("name", folder.name);
    json.member("files", folder.content.files);
    json.member("bytes", folder.content.bytes);
  });
  write_files(json, "uploads", figures.blobs);
  write_files(json, "temporary", figures.temporary);
  if (const auto memory = memory_in(status)) {
    json.object("memory", [&] {
      for (std::size_t i = 0; i < memory->size(); ++i)
        json.member(memory_members.at(i), memory->at(i));
    });
  } else {
    json.member("memory", nullptr);
  }
  return json.finish();
}

std::string to_line(const persistence::VerifyFault& fault) {
  return fmt::format("{}{}{}: {}", name_of(fault.id), fault.key.empty() ? "" : " ",
                     printable(fault.key), printable(fault.message));
}

void print_report(const persistence::VerifyReport& report, std::chrono::milliseconds duration,
                  std::ostream& out) {
  out << fmt::format("read {} jobs and {} files ({}) in {}\n", report.jobs, report.blobs,
                     readable_bytes(report.blob_bytes), readable_seconds(duration));
  if (report.orphans > 0) {
    out << fmt::format("{} files ({}) belong to no job; the janitor removes them\n", report.orphans,
                       readable_bytes(report.orphan_bytes));
  }
  if (report.faults == 0) {
    out << "the store is whole\n";
  } else {
    out << fmt::format("damage found: {}; darkroom store inspect ID shows a job with its files\n",
                       report.faults);
  }
}

std::string report_to_json(const persistence::VerifyReport& report,
                           const std::vector<persistence::VerifyFault>& faults) {
  json::JsonWriter json;
  json.member("whole", report.faults == 0);
  json.member("jobs", report.jobs);
  json.member("files", report.blobs);
  json.member("file_bytes", report.blob_bytes);
  json.member("orphans", report.orphans);
  json.member("orphan_bytes", report.orphan_bytes);
  json.member("faults_found", report.faults);
  json.list("faults", faults, [&](const persistence::VerifyFault& fault) {
    json.member("job",
                fault.id == jobs::JobId{} ? std::nullopt : std::optional{fault.id.to_string()});
    json.member("key", fault.key.empty() ? std::nullopt : std::optional{fault.key});
    json.member("message", fault.message);
  });
  return json.finish();
}

}  // namespace darkroom::nodes
