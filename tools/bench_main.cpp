#include <iostream>

#include <CLI/CLI.hpp>

#include "tools/bench_pixels.hpp"
#include "tools/bench_report.hpp"

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
      ->add_option("IMAGE", pixels.images,
                   "Pictures to measure; without one, a synthetic photograph of 2725x2225, the "
                   "same on every machine")
      ->check(CLI::ExistingFile);
  pixels_command->add_option("--runs", pixels.runs, "Measured runs; one more comes before them")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  pixels_command->add_flag("--json", json, "Print JSON instead of a table");

  CLI11_PARSE(app, argc, argv);
  return print(darkroom::tools::bench_pixels(pixels), json);
}
