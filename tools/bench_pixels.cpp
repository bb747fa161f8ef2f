#include "tools/bench_pixels.hpp"

#include <cstdint>
#include <ctime>
#include <fstream>
#include <iterator>
#include <utility>

#include "imaging/backend.hpp"
#include "imaging/limits.hpp"
#include "imaging/operations.hpp"
#include "imaging/plan.hpp"
#include "jobs/rendition.hpp"
#include "tools/synthetic_photo.hpp"

namespace darkroom::tools {
namespace {

using imaging::EncodedImage;

/// CPU time of all threads of this process so far, in milliseconds.
double cpu_milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Input {
  std::string name;
  EncodedImage file;
};

tl::expected<Input, std::string> read_input(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(stream)), {});
  if (!stream) return tl::unexpected(path + ": cannot be read");
  const auto bytes = std::as_bytes(std::span(text));
  return Input{.name = path, .file = {bytes.begin(), bytes.end()}};
}

tl::expected<Input, std::string> synthetic_input() {
  constexpr std::uint32_t width = 2'725;
  constexpr std::uint32_t height = 2'225;
  constexpr int quality = 90;
  auto file = imaging::stb_backend().encode(*synthetic_photo(width, height), {.quality = quality});
  if (!file) return tl::unexpected(std::move(file.error().message));
  return Input{.name = "synthetic photograph", .file = std::move(*file)};
}

/// One job, as imaging::run_pipeline does it, with the clock read between the steps.
class TimedJob {
 public:
  TimedJob(const Input& input, const jobs::Preset& preset) : input_(input), preset_(preset) {
    report_.steps.push_back({.name = "decode", .milliseconds = {}});
    for (const auto& spec : preset.renditions) {
      report_.steps.push_back({.name = spec.name, .milliseconds = {}});
    }
    report_.steps.push_back({.name = "job", .milliseconds = {}});
  }

  tl::expected<void, imaging::Error> run() {
    const auto& backend = imaging::stb_backend();
    const auto& specs = preset_.renditions;
    const double start = cpu_milliseconds();
    auto original = backend.decode(input_.file, imaging::no_limits);
    if (!original) return tl::unexpected(std::move(original.error()));
    const imaging::Size size{(*original)->width(), (*original)->height()};
    double before = cpu_milliseconds();
    report_.steps.front().milliseconds.push_back(before - start);

    std::vector<imaging::FramePtr> frames(specs.size());
    for (const auto& step : imaging::plan_renditions(size, specs)) {
      const auto& source = step.source ? frames[*step.source] : *original;
      auto rendered = imaging::render(backend, source, specs[step.rendition]);
      if (!rendered) return tl::unexpected(std::move(rendered.error()));
      frames[step.rendition] = std::move(rendered->frame);
      const double after = cpu_milliseconds();
      report_.steps[step.rendition + 1].milliseconds.push_back(after - before);
      before = after;
    }
    report_.steps.back().milliseconds.push_back(before - start);
    report_.input = input_.name + ", " + imaging::size_text(size.width, size.height) +
                    " upright, " + std::to_string(input_.file.size()) + " bytes";
    return {};
  }

  BenchReport take_report() { return std::move(report_); }

 private:
  const Input& input_;
  const jobs::Preset& preset_;
  BenchReport report_;
};

tl::expected<BenchReport, std::string> measure(const Input& input, std::size_t runs) {
  const auto preset = jobs::default_preset();
  // The first run is thrown away: it pages the code and the heap in.
  if (auto warm = TimedJob(input, preset).run(); !warm) {
    return tl::unexpected(input.name + ": " + warm.error().message);
  }
  TimedJob job(input, preset);
  for (std::size_t i = 0; i < runs; ++i) {
    if (auto done = job.run(); !done) {
      return tl::unexpected(input.name + ": " + done.error().message);
    }
  }
  return job.take_report();
}

}  // namespace

tl::expected<std::vector<BenchReport>, std::string> bench_pixels(const PixelsOptions& options) {
  std::vector<BenchReport> reports;
  const bool synthetic = options.images.empty();
  for (std::size_t i = 0; i < (synthetic ? 1 : options.images.size()); ++i) {
    const auto input = synthetic ? synthetic_input() : read_input(options.images[i]);
    if (!input) return tl::unexpected(input.error());
    auto report = measure(*input, options.runs);
    if (!report) return tl::unexpected(std::move(report.error()));
    reports.push_back(std::move(*report));
  }
  return reports;
}

}  // namespace darkroom::tools
