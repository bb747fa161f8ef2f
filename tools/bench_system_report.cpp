#include <iomanip>
#include <ostream>

#include "tools/bench_system.hpp"
#include "tools/latency_json.hpp"
#include "tools/latency_text.hpp"

namespace darkroom::tools {
namespace {

double in_mib(std::uint64_t bytes) {
  return static_cast<double>(bytes) / (1U << 20U);
}

void write_phase(std::ostream& out, const SystemPhase& phase) {
  const auto& load = phase.load;
  out << std::fixed << std::setprecision(1) << load.jobs_per_second << " jobs/s, uploads taken "
      << load.accepted_per_second << "/s\n";
  write_times(out, "upload to its answer", load.upload);
  write_times(out, "upload to seen completed", load.seen);
  write_times(out, "created to completed", load.recorded);
  write_times(out, "  waited for a worker", load.waited);
  write_times(out, "  in a worker's hands", load.worked);
  out << "  completed " << load.completed << ", downloads checked of " << load.downloads
      << " jobs, requests repeated " << load.retries << ", questions after jobs "
      << load.status_requests << ", errors " << load.error_count << "\n";
  for (const auto& error : load.errors)
    out << "  ERROR: " << error << "\n";
  for (const auto& process : phase.processes) {
    out << "  CPU ms/job " << std::setw(7) << std::setprecision(2) << process.cpu_ms_per_job
        << "   peak MiB " << std::setw(6) << std::setprecision(1) << in_mib(process.peak_memory)
        << "   " << process.name << "\n";
  }
  if (!phase.processes.empty()) {
    out << "  CPU ms/job " << std::setw(7) << std::setprecision(2) << phase.service_cpu_ms_per_job()
        << "   the service\n";
  }
  out << "  CPU ms/job " << std::setw(7) << std::setprecision(2) << phase.bench_cpu_ms_per_job
      << "   this benchmark\n";
}

void write_phase(json::JsonWriter& json, const SystemPhase& phase) {
  const auto& load = phase.load;
  json.member("jobs_per_second", load.jobs_per_second);
  json.member("seconds", load.seconds);
  json.member("accepted_per_second", load.accepted_per_second);
  write_times(json, "upload", load.upload);
  write_times(json, "seen", load.seen);
  write_times(json, "recorded", load.recorded);
  write_times(json, "waited", load.waited);
  write_times(json, "worked", load.worked);
  json.member("completed", load.completed);
  json.member("downloads", load.downloads);
  json.member("retries", load.retries);
  json.member("status_requests", load.status_requests);
  json.member("error_count", load.error_count);
  json.list("errors", load.errors, [&](const auto& error) { json.member("message", error); });
  json.list("processes", phase.processes, [&](const ProcessCost& process) {
    json.member("name", process.name);
    json.member("cpu_ms_per_job", process.cpu_ms_per_job);
    json.member("peak_memory", process.peak_memory);
  });
  json.member("service_cpu_ms_per_job", phase.service_cpu_ms_per_job());
  json.member("bench_cpu_ms_per_job", phase.bench_cpu_ms_per_job);
}

}  // namespace

void write_system_table(std::ostream& out, const SystemReport& report) {
  out << report.service << ", " << report.slots << " slots; " << report.photos << "\n";
  for (std::size_t i = 0; i < report.turns.size(); ++i) {
    const auto& turn = report.turns[i];
    out << "as fast as it goes";
    if (report.turns.size() > 1) out << ", turn " << i + 1;
    out << ": ";
    write_phase(out, turn.saturated);
    if (turn.pixels) {
      out << "  CPU ms/job " << std::setw(7) << std::setprecision(2) << turn.pixels->cpu_ms_per_job
          << "   the imaging code alone, with " << std::setprecision(1)
          << turn.pixels->jobs_per_second << " jobs/s; end to end is " << std::setprecision(3)
          << turn.saturated.load.jobs_per_second / turn.pixels->jobs_per_second << " of it\n";
    }
  }
  out << "at half that rate: ";
  write_phase(out, report.half);
  out << std::setprecision(1) << "median: " << report.jobs_per_second() << " jobs/s";
  if (const auto ratio = report.ratio()) {
    out << ", " << std::setprecision(3) << *ratio << " of the imaging code alone";
  }
  out << "\n";
  if (report.memory > 0) {
    out << "all processes together: " << std::setprecision(1) << in_mib(report.memory)
        << " MiB at most, shared memory counted once\n";
  } else {
    out << "what its processes take is left out: name the service's process with --pid\n";
  }
  write_load(out, report.load);
}

void write_system_json(std::ostream& out, const SystemReport& report) {
  json::JsonWriter json;
  json.member("service", report.service);
  json.member("photos", report.photos);
  json.member("slots", report.slots);
  json.member("jobs_per_second", report.jobs_per_second());
  json.member("ratio", report.ratio());
  json.list("turns", report.turns, [&](const SystemTurn& turn) {
    write_phase(json, turn.saturated);
    if (!turn.pixels) return;
    json.member("pixels_jobs_per_second", turn.pixels->jobs_per_second);
    json.member("pixels_cpu_ms_per_job", turn.pixels->cpu_ms_per_job);
  });
  json.object("half", [&] { write_phase(json, report.half); });
  json.member("memory", report.memory);
  write_load(json, report.load);
  out << json.finish() << "\n";
}

}  // namespace darkroom::tools
