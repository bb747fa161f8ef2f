#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tools/bench_command_line.hpp"
#include "tools/bench_report.hpp"

namespace {

using namespace darkroom::tools;

void write(const std::vector<BenchReport>& reports, bool json) {
  json ? write_json(std::cout, reports) : write_table(std::cout, reports);
}

void write(const MemoryReport& report, bool json) {
  json ? write_memory_json(std::cout, report) : write_memory_table(std::cout, report);
}

void write(const QueueReport& report, bool json) {
  json ? write_queue_json(std::cout, report) : write_queue_table(std::cout, report);
}

void write(const SystemReport& report, bool json) {
  json ? write_system_json(std::cout, report) : write_system_table(std::cout, report);
}

void write(const ScaleReport& report, bool json) {
  json ? write_scale_json(std::cout, report) : write_scale_table(std::cout, report);
}

void write(const CoordinatorReport& report, bool json) {
  json ? write_coordinator_json(std::cout, report) : write_coordinator_table(std::cout, report);
}

void write(const AcceptReport& report, bool json) {
  json ? write_accept_json(std::cout, report) : write_accept_table(std::cout, report);
}

int fail(const std::string& why) {
  std::cerr << "bench: " << why << "\n";
  return 1;
}

/// Runs what the command line asks for, and returns the exit code.
struct Run {
  std::vector<std::string> rivals;
  bool json;

  template <class Report>
  [[nodiscard]] int print(const tl::expected<Report, std::string>& report) const {
    if (!report) return fail(report.error());
    write(*report, json);
    return 0;
  }

  int operator()(PixelsOptions options) const {
    const char* programs = std::getenv("DARKROOM_BENCH_RIVALS");
    for (const auto& name : rivals) {
      auto rival = find_rival(name, programs != nullptr ? programs : "tools/rivals");
      if (!rival) return fail("--against: " + rival.error());
      options.rivals.push_back(std::move(*rival));
    }
    return print(bench_pixels(options));
  }

  int operator()(const MemoryOptions& options) const { return print(bench_memory(options)); }
  int operator()(const QueueOptions& options) const { return print(bench_queue(options)); }
  int operator()(const ScaleOptions& options) const { return print(bench_scale(options)); }
  int operator()(const CoordinatorOptions& options) const {
    return print(bench_coordinator(options));
  }
  int operator()(const StubNodeProcessOptions& options) const { return run_stub_nodes(options); }
  int operator()(const PixelsLoadOptions& options) const { return run_pixels_load(options); }

  int operator()(const SystemOptions& options) const {
    const auto report = bench_system(options);
    const int code = print(report);
    // What is fast and wrong must not pass for fast.
    return report && report->has_errors() ? 1 : code;
  }

  int operator()(const AcceptOptions& options) const {
    const auto report = bench_accept(options);
    const int code = print(report);
    return report && report->has_errors() ? 1 : code;
  }

  /// Rows come as they are measured, which takes minutes.
  int operator()(const StoreOptions& options) const {
    if (!json) write_store_heading(std::cout);
    const auto reports = bench_store(options, [this](const StoreReport& report) {
      if (!json) write_store_row(std::cout, report);
    });
    if (!reports) return fail(reports.error());
    if (json) write_store_json(std::cout, *reports);
    return 0;
  }
};

}  // namespace

int main(int argc, char** argv) {
  auto command = read_bench_command({argv, static_cast<std::size_t>(argc)});
  if (!command) {
    std::cout << command.error().out;
    std::cerr << command.error().err;
    return command.error().code;
  }
  return std::visit(Run{std::move(command->rivals), command->json}, std::move(command->options));
}
