#include <iomanip>
#include <ostream>

#include "tools/bench_queue.hpp"
#include "tools/latency_json.hpp"
#include "tools/latency_text.hpp"

namespace darkroom::tools {
namespace {

void write_phase(std::ostream& out, const char* name, const QueuePhase& phase) {
  out << name << ": " << std::fixed << std::setprecision(0) << phase.jobs_per_second
      << " durable jobs/s\n";
  write_times(out, "create", phase.create);
  write_times(out, "commit", phase.commit);
  out << "  commits/s " << std::setprecision(0) << phase.commits_per_second
      << ", changes per commit " << std::setprecision(1) << phase.changes_per_commit << ", at most "
      << phase.largest_commit << "\n  CPU " << std::setprecision(3)
      << phase.cpu_seconds_per_1000_jobs << " s per 1000 jobs, clients and workers included\n";
}

void write_phase(json::JsonWriter& json, const char* name, const QueuePhase& phase) {
  json.object(name, [&] {
    json.member("jobs_per_second", phase.jobs_per_second);
    json.member("commits_per_second", phase.commits_per_second);
    json.member("changes_per_commit", phase.changes_per_commit);
    json.member("largest_commit", phase.largest_commit);
    json.member("cpu_seconds_per_1000_jobs", phase.cpu_seconds_per_1000_jobs);
    write_times(json, "create", phase.create);
    write_times(json, "commit", phase.commit);
  });
}

}  // namespace

void write_queue_table(std::ostream& out, const QueueReport& report) {
  out << "the disk's own fdatasync\n";
  write_times(out, "after 4 KiB", report.sync_4k);
  write_times(out, "after 64 KiB", report.sync_64k);
  write_phase(out, "as fast as it goes", report.saturated);
  write_phase(out, "at half that rate", report.half);
}

void write_queue_json(std::ostream& out, const QueueReport& report) {
  json::JsonWriter json;
  write_times(json, "sync_4k", report.sync_4k);
  write_times(json, "sync_64k", report.sync_64k);
  write_phase(json, "saturated", report.saturated);
  write_phase(json, "half", report.half);
  out << json.finish() << "\n";
}

}  // namespace darkroom::tools
