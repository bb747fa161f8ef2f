#include <iomanip>
#include <ostream>

#include "tools/bench_store.hpp"
#include "tools/latency_json.hpp"

namespace darkroom::tools {
namespace {

constexpr int width = 16;

void write_times(std::ostream& out, const Latencies::Summary& times) {
  out << std::setprecision(2) << std::setw(width - 7) << times.p50_ms << " /" << std::setw(5)
      << times.p99_ms;
}

double mebibytes(std::uint64_t bytes) {
  return static_cast<double>(bytes) / (1U << 20U);
}

}  // namespace

void write_store_heading(std::ostream& out) {
  out << "milliseconds; median / 99th percentile\n  finished  open  load";
  for (const char* const name : {"create", "get", "newest 50", "random 50"})
    out << std::setw(width) << name;
  out << "  resident MiB  disk MiB  bytes/job\n";
}

void write_store_row(std::ostream& out, const StoreReport& report) {
  out << std::fixed << std::setprecision(0) << std::setw(10) << report.finished << std::setw(6)
      << report.open_ms << std::setw(6) << report.load_ms;
  for (const auto& times : {report.create, report.get, report.first_page, report.random_page})
    write_times(out, times);
  out << std::setprecision(0) << std::setw(14) << mebibytes(report.resident_bytes) << std::setw(10)
      << mebibytes(report.disk_bytes) << std::setw(11)
      << static_cast<double>(report.disk_bytes) / static_cast<double>(report.finished) << std::endl;
}

void write_store_json(std::ostream& out, const std::vector<StoreReport>& reports) {
  json::JsonWriter json;
  json.list("sizes", reports, [&](const StoreReport& report) {
    json.member("finished", report.finished);
    json.member("fill_seconds", report.fill_seconds);
    json.member("open_ms", report.open_ms);
    json.member("load_ms", report.load_ms);
    write_times(json, "create", report.create);
    write_times(json, "get", report.get);
    write_times(json, "first_page", report.first_page);
    write_times(json, "random_page", report.random_page);
    json.member("resident_bytes", report.resident_bytes);
    json.member("disk_bytes", report.disk_bytes);
  });
  out << json.finish() << "\n";
}

}  // namespace darkroom::tools
