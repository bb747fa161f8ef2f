#include "tools/bench_pixels.hpp"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <system_error>
#include <utility>

#include <unistd.h>

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
  TimedJob(const Input& input, const jobs::Preset& preset, const imaging::Backend& backend)
      : input_(input), preset_(preset), backend_(backend) {
    report_.steps.push_back({.name = "decode", .milliseconds = {}});
    for (const auto& spec : preset.renditions) {
      report_.steps.push_back({.name = spec.name, .milliseconds = {}});
    }
    report_.steps.push_back({.name = "job", .milliseconds = {}});
  }

  tl::expected<void, imaging::Error> run() {
    const auto& specs = preset_.renditions;
    const double start = cpu_milliseconds();
    const auto info = imaging::probe(input_.file, imaging::no_limits);
    if (!info) return tl::unexpected(info.error());
    const auto plan = imaging::plan_renditions(*info, specs);
    auto decoded = backend_.decode(input_.file, imaging::no_limits, plan.decode);
    if (!decoded) return tl::unexpected(std::move(decoded.error()));
    const auto original = std::make_shared<const imaging::Picture>(std::move(*decoded));
    double before = cpu_milliseconds();
    report_.steps.front().milliseconds.push_back(before - start);

    std::vector<imaging::PicturePtr> pictures(specs.size());
    for (const auto& step : plan.steps) {
      const imaging::Source source{.picture = step.source ? pictures[*step.source] : original,
                                   .watermark = {}};
      auto rendered = imaging::render(backend_, source, specs[step.rendition]);
      if (!rendered) return tl::unexpected(std::move(rendered.error()));
      pictures[step.rendition] = std::move(rendered->picture);
      const double after = cpu_milliseconds();
      report_.steps[step.rendition + 1].milliseconds.push_back(after - before);
      before = after;
    }
    report_.steps.back().milliseconds.push_back(before - start);
    report_.input = input_.name + ", " +
                    imaging::size_text(original->size.width, original->size.height) + " upright, " +
                    std::to_string(input_.file.size()) + " bytes";
    return {};
  }

  BenchReport take_report() { return std::move(report_); }

 private:
  const Input& input_;
  const jobs::Preset& preset_;
  const imaging::Backend& backend_;
  BenchReport report_;
};

/// A file for the rivals to read, gone when this is.
class TemporaryImage {
 public:
  explicit TemporaryImage(const EncodedImage& file)
      : path_(std::filesystem::temp_directory_path() /
              ("darkroom-bench-" + std::to_string(::getpid()))) {
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(file.data()),
               static_cast<std::streamsize>(file.size()));
  }
  ~TemporaryImage() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryImage(const TemporaryImage&) = delete;
  TemporaryImage& operator=(const TemporaryImage&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

tl::expected<void, std::string> run_rivals(BenchReport& report, const std::string& image,
                                           std::span<const Rival> rivals, std::size_t runs) {
  report.against.resize(rivals.size());
  for (std::size_t i = 0; i < rivals.size(); ++i) {
    const auto times = run_rival(rivals[i], image, runs);
    if (!times) return tl::unexpected(times.error());
    auto& so_far = report.against[i];
    so_far.name = rivals[i].name + " " + times->version;
    so_far.milliseconds.insert(so_far.milliseconds.end(), times->milliseconds.begin(),
                               times->milliseconds.end());
  }
  return {};
}

tl::expected<BenchReport, std::string> measure(const Input& input, const PixelsOptions& options) {
  const auto preset = jobs::default_preset();
  const TemporaryImage file(input.file);
  // The first run is thrown away: it pages the code and the heap in.
  if (auto warm = TimedJob(input, preset, *options.backend).run(); !warm) {
    return tl::unexpected(input.name + ": " + warm.error().message);
  }
  TimedJob job(input, preset, *options.backend);
  BenchReport rivals;
  // In turns, so that a machine that is busy for a while is so for all.
  constexpr std::size_t turn = 5;
  for (std::size_t done = 0; done < options.runs; done += turn) {
    const std::size_t runs = std::min(turn, options.runs - done);
    for (std::size_t i = 0; i < runs; ++i) {
      if (auto ran = job.run(); !ran) {
        return tl::unexpected(input.name + ": " + ran.error().message);
      }
    }
    if (auto ran = run_rivals(rivals, file.path(), options.rivals, runs); !ran) {
      return tl::unexpected(ran.error());
    }
  }
  BenchReport report = job.take_report();
  report.against = std::move(rivals.against);
  return report;
}

}  // namespace

tl::expected<std::vector<BenchReport>, std::string> bench_pixels(const PixelsOptions& options) {
  std::vector<BenchReport> reports;
  const bool synthetic = options.images.empty();
  for (std::size_t i = 0; i < (synthetic ? 1 : options.images.size()); ++i) {
    const auto input = synthetic ? synthetic_input() : read_input(options.images[i]);
    if (!input) return tl::unexpected(input.error());
    auto report = measure(*input, options);
    if (!report) return tl::unexpected(std::move(report.error()));
    reports.push_back(std::move(*report));
  }
  return reports;
}

}  // namespace darkroom::tools
