#include <iomanip>
#include <ostream>

#include "tools/bench_coordinator.hpp"
#include "tools/latency_json.hpp"
#include "tools/latency_text.hpp"

namespace darkroom::tools {

void write_coordinator_table(std::ostream& out, const CoordinatorReport& report) {
  const auto& options = report.options;
  out << options.nodes << " simulated nodes in " << options.processes << " processes, "
      << options.slots << " slots each; " << options.seconds << " s"
      << (options.queued > 0 ? ", no jobs created meanwhile\n" : "\n") << std::fixed
      << std::setprecision(0) << report.leases_per_second << " leases/s\n";
  write_times(out, "report to next task", report.turnaround);
  write_times(out, "heartbeat to its answer", report.heartbeat);
  out << "  CPU per lease, us           coordinator " << std::setprecision(1)
      << report.coordinator_us_per_lease << ", all nodes " << report.nodes_us_per_lease
      << "\n  busiest threads, cores     ";
  for (const auto& thread : report.threads)
    out << " " << thread.name << " " << std::setprecision(2) << thread.cores;
  out << "\n  peak memory, MiB            " << std::setprecision(0)
      << static_cast<double>(report.peak_memory) / (1U << 20U) << "\n  nodes lost "
      << report.nodes_lost << ", reports refused " << report.refused_reports << ", leases lost "
      << report.lost_leases << "\n  second  leases/s  p50 ms  p99 ms\n";
  for (std::size_t i = 0; i < report.by_second.size(); ++i) {
    const auto& second = report.by_second[i];
    out << std::setw(8) << i + 1 << std::setw(10) << std::setprecision(0)
        << second.leases_per_second << std::setprecision(1) << std::setw(8)
        << second.turnaround.p50_ms << std::setw(8) << second.turnaround.p99_ms << "\n";
  }
  write_load(out, report.load);
}

void write_coordinator_json(std::ostream& out, const CoordinatorReport& report) {
  json::JsonWriter json;
  json.member("nodes", report.options.nodes);
  json.member("processes", report.options.processes);
  json.member("slots", report.options.slots);
  json.member("seconds", report.options.seconds);
  json.member("queued", report.options.queued);
  json.member("leases_per_second", report.leases_per_second);
  write_times(json, "turnaround", report.turnaround);
  write_times(json, "heartbeat", report.heartbeat);
  json.member("coordinator_us_per_lease", report.coordinator_us_per_lease);
  json.member("nodes_us_per_lease", report.nodes_us_per_lease);
  json.list("threads", report.threads, [&](const auto& thread) {
    json.member("name", thread.name);
    json.member("cores", thread.cores);
  });
  json.member("peak_memory", report.peak_memory);
  json.member("nodes_lost", report.nodes_lost);
  json.member("refused_reports", report.refused_reports);
  json.member("lost_leases", report.lost_leases);
  json.list("by_second", report.by_second, [&](const auto& second) {
    json.member("leases_per_second", second.leases_per_second);
    write_times(json, "turnaround", second.turnaround);
  });
  write_load(json, report.load);
  out << json.finish() << "\n";
}

}  // namespace darkroom::tools
