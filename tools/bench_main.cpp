#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "tools/bench_memory.hpp"
#include "tools/bench_pixels.hpp"
#include "tools/bench_queue.hpp"
#include "tools/bench_report.hpp"
#include "tools/bench_store.hpp"

namespace {

using darkroom::tools::BenchReport;

int print(const tl::expected<std::vector<BenchReport>, std::string>& reports, bool json) {
  if (!reports) {
    std::cerr << "bench: " << reports.error() << "\n";
    return 1;
  }
  if (json) {
    darkroom::tools::write_json(std::cout, *reports);
  } else {
    darkroom::tools::write_table(std::cout, *reports);
  }
  return 0;
}

int print(const tl::expected<darkroom::tools::MemoryReport, std::string>& report, bool json) {
  if (!report) {
    std::cerr << "bench: " << report.error() << "\n";
    return 1;
  }
  if (json) {
    darkroom::tools::write_memory_json(std::cout, *report);
  } else {
    darkroom::tools::write_memory_table(std::cout, *report);
  }
  return 0;
}

int print(const tl::expected<darkroom::tools::QueueReport, std::string>& report, bool json) {
  if (!report) {
    std::cerr << "bench: " << report.error() << "\n";
    return 1;
  }
  if (json) {
    darkroom::tools::write_queue_json(std::cout, *report);
  } else {
    darkroom::tools::write_queue_table(std::cout, *report);
  }
  return 0;
}

/// Rows come as they are measured, which takes minutes.
int run_store(const darkroom::tools::StoreOptions& options, bool json) {
  using namespace darkroom::tools;
  if (!json) write_store_heading(std::cout);
  const auto reports = bench_store(options, [&](const StoreReport& report) {
    if (!json) write_store_row(std::cout, report);
  });
  if (!reports) {
    std::cerr << "bench: " << reports.error() << "\n";
    return 1;
  }
  if (json) write_store_json(std::cout, *reports);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures parts of Darkroom on this machine.", "tools/bench");
  app.require_subcommand(1);
  bool json = false;

  darkroom::tools::PixelsOptions pixels;
  auto* pixels_command = app.add_subcommand(
      "pixels",
      "CPU time of one job of the default preset (resized 1024x1024, compressed, thumbnail "
      "300x300), step by step. All threads count; storage and network take no part.");
  pixels_command
      ->add_option(
          "IMAGE", pixels.images,
          "Pictures to measure; without one, a synthetic photograph of 2725x2225, as JPEG, "
          "PNG and WebP")
      ->check(CLI::ExistingFile);
  pixels_command
      ->add_option("--runs", pixels.runs, "Measured runs; one more comes before each five")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  std::string backend = "fast";
  pixels_command->add_option("--backend", backend, "Whose codecs: fast or stb")
      ->capture_default_str()
      ->check(CLI::IsMember({"fast", "stb"}));
  std::vector<std::string> rivals;
  pixels_command
      ->add_option("--against", rivals, "Measure these too, in turns: pillow, sharp, or both")
      ->delimiter(',');
  pixels_command->add_flag("--json", json, "Print JSON instead of a table");

  darkroom::tools::MemoryOptions memory;
  auto* memory_command = app.add_subcommand(
      "memory",
      "Resident memory over many jobs of mixed sizes and formats, run as a worker runs them.");
  memory_command->add_option("--jobs", memory.jobs, "Jobs to run")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000'000));
  memory_command->add_option("--slots", memory.slots, "Jobs at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'024));
  memory_command->add_option("--budget", memory.budget, "MiB that the jobs share")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  memory_command->add_flag("--json", json, "Print JSON instead of a table");

  darkroom::tools::QueueOptions queue;
  auto* queue_command = app.add_subcommand(
      "queue",
      "Durable jobs a second through the job registry and its store, from create through lease to "
      "complete; clients and workers are stubs. Then the latency of create at half that rate.");
  queue_command->add_option("--jobs", queue.jobs, "Jobs in each of the two phases")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000'000));
  queue_command
      ->add_option("--outstanding", queue.outstanding, "Creates that wait for their answer at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  queue_command->add_option("--workers", queue.workers, "Stub workers")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000));
  queue_command->add_option("--slots", queue.slots, "Slots of each")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000));
  queue_command
      ->add_option("--dir", queue.directory,
                   "Folder on the disk to measure; a scratch folder is made in it and removed "
                   "(default: the current one)")
      ->check(CLI::ExistingDirectory);
  queue_command->add_flag("--json", json, "Print JSON instead of a table");

  darkroom::tools::StoreOptions store;
  auto* store_command = app.add_subcommand(
      "store",
      "What the job store takes to open, create, get and list as the number of finished jobs in it "
      "grows.");
  store_command->add_option("--finished", store.finished, "Numbers of finished jobs, least first")
      ->delimiter(',')
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000'000));
  store_command->add_option("--unfinished", store.unfinished, "Unfinished jobs beside them")
      ->capture_default_str()
      ->check(CLI::Range(0, 1'000'000));
  store_command->add_option("--samples", store.samples, "How often each operation is measured")
      ->capture_default_str()
      ->check(CLI::Range(10, 1'000'000));
  store_command
      ->add_option("--dir", store.directory,
                   "Folder on the disk to measure; a scratch folder is made in it and removed "
                   "(default: the current one)")
      ->check(CLI::ExistingDirectory);
  store_command->add_flag("--json", json, "Print JSON instead of a table");

  CLI11_PARSE(app, argc, argv);
  if (store_command->parsed()) return run_store(store, json);
  if (queue_command->parsed()) return print(darkroom::tools::bench_queue(queue), json);
  if (memory_command->parsed()) return print(darkroom::tools::bench_memory(memory), json);
  pixels.backend =
      backend == "stb" ? &darkroom::imaging::stb_backend() : &darkroom::imaging::fast_backend();
  const char* programs = std::getenv("DARKROOM_BENCH_RIVALS");
  for (const std::string& name : rivals) {
    auto rival = darkroom::tools::find_rival(name, programs != nullptr ? programs : "tools/rivals");
    if (!rival) {
      std::cerr << "bench: --against: " << rival.error() << "\n";
      return 1;
    }
    pixels.rivals.push_back(std::move(*rival));
  }
  return print(darkroom::tools::bench_pixels(pixels), json);
}
