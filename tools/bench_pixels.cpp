#include "tools/bench_pixels.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <span>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "imaging/limits.hpp"
#include "imaging/probe.hpp"
#include "jobs/rendition.hpp"
#include "tools/bench_input.hpp"
#include "tools/entropy_floor.hpp"
#include "tools/timed_job.hpp"

namespace darkroom::tools {
namespace {

using imaging::EncodedImage;

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

/// One measurement of one input, in turns, so that a machine that is busy for a while is so for
/// all.
class Measurement {
 public:
  Measurement(const BenchInput& input, const PixelsOptions& options)
      : input_(input),
        options_(options),
        preset_(jobs::default_preset()),
        file_(input.file),
        job_(input, preset_, *options.backend) {}

  tl::expected<BenchReport, std::string> run() {
    const auto info = imaging::probe(input_.file, imaging::no_limits);
    if (!info) return tl::unexpected(input_.name + ": " + info.error().message);
    const auto size = imaging::upright_size(*info);
    report_.input = input_.name + ", " + imaging::size_text(size.width, size.height) +
                    " upright, " + std::to_string(input_.file.size()) + " bytes";
    constexpr std::size_t turn = 5;
    for (std::size_t done = 0; done < options_.runs; done += turn) {
      const std::size_t runs = std::min(turn, options_.runs - done);
      if (auto ran = run_ours(runs, info->format); !ran) {
        return tl::unexpected(input_.name + ": " + ran.error());
      }
      if (auto ran = run_rivals(report_, file_.path(), options_.rivals, runs); !ran) {
        return tl::unexpected(ran.error());
      }
    }
    report_.steps = job_.steps();
    return std::move(report_);
  }

 private:
  tl::expected<void, std::string> run_ours(std::size_t runs, imaging::InputFormat format) {
    // The first run is thrown away, as the rivals do: it pages the code and the heap in.
    if (auto warm = TimedJob(input_, preset_, *options_.backend).run(); !warm) {
      return tl::unexpected(warm.error().message);
    }
    for (std::size_t i = 0; i < runs; ++i) {
      if (auto ran = job_.run(); !ran) return tl::unexpected(ran.error().message);
      if (format != imaging::InputFormat::jpeg) continue;
      const auto floor = entropy_floor(input_.file, job_.files());
      if (!floor) return tl::unexpected(floor.error());
      report_.entropy_floor.push_back(*floor);
    }
    return {};
  }

  const BenchInput& input_;
  const PixelsOptions& options_;
  jobs::Preset preset_;
  TemporaryImage file_;
  TimedJob job_;
  BenchReport report_;
};

tl::expected<std::vector<BenchInput>, std::string> inputs_of(const PixelsOptions& options) {
  if (options.images.empty()) return synthetic_inputs(options.synthetic);
  std::vector<BenchInput> inputs;
  for (const std::string& path : options.images) {
    auto input = read_input(path);
    if (!input) return tl::unexpected(std::move(input.error()));
    inputs.push_back(std::move(*input));
  }
  return inputs;
}

}  // namespace

tl::expected<std::vector<BenchReport>, std::string> bench_pixels(const PixelsOptions& options) {
  const auto inputs = inputs_of(options);
  if (!inputs) return tl::unexpected(inputs.error());
  std::vector<BenchReport> reports;
  for (const BenchInput& input : *inputs) {
    auto report = Measurement(input, options).run();
    if (!report) return tl::unexpected(std::move(report.error()));
    reports.push_back(std::move(*report));
  }
  return reports;
}

}  // namespace darkroom::tools
