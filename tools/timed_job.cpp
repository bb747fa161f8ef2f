#include "tools/timed_job.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "imaging/limits.hpp"
#include "imaging/operations.hpp"
#include "imaging/plan.hpp"
#include "tools/cpu_clock.hpp"

namespace darkroom::tools {
namespace {

void record(std::vector<BenchStep>& steps, const std::string& name, double milliseconds) {
  auto step = std::ranges::find(steps, name, &BenchStep::name);
  if (step == steps.end()) step = steps.insert(step, {.name = name, .milliseconds = {}});
  step->milliseconds.push_back(milliseconds);
}

/// Adds what one rendition's calls take to two sums, which start at none.
class TimedBackend final : public imaging::Backend {
 public:
  struct Times {
    double resample = 0;
    double encode = 0;
  };

  TimedBackend(const imaging::Backend& backend, Times& times) : backend_(backend), times_(times) {}

  tl::expected<imaging::Picture, imaging::Error> decode(
      std::span<const std::byte> bytes, const imaging::Limits& limits,
      const imaging::DecodeRequest& request) const override {
    return backend_.decode(bytes, limits, request);
  }

  tl::expected<imaging::FramePtr, imaging::Error> resample(const imaging::Frame& frame,
                                                           const imaging::Region& region,
                                                           imaging::Size size,
                                                           bool linear_light) const override {
    const double start = cpu_milliseconds();
    auto resampled = backend_.resample(frame, region, size, linear_light);
    times_.resample += cpu_milliseconds() - start;
    return resampled;
  }

  tl::expected<imaging::EncodedImage, imaging::Error> encode(
      const imaging::Frame& frame, const imaging::EncodeOptions& options) const override {
    const double start = cpu_milliseconds();
    auto file = backend_.encode(frame, options);
    times_.encode += cpu_milliseconds() - start;
    return file;
  }

 private:
  const imaging::Backend& backend_;
  Times& times_;
};

}  // namespace

TimedJob::TimedJob(const BenchInput& input, const jobs::Preset& preset,
                   const imaging::Backend& backend)
    : input_(input), preset_(preset), backend_(backend), files_(preset.renditions.size()) {}

tl::expected<void, imaging::Error> TimedJob::run() {
  const auto& specs = preset_.renditions;
  const double start = cpu_milliseconds();
  const auto info = imaging::probe(input_.file, imaging::no_limits);
  if (!info) return tl::unexpected(info.error());
  const auto plan = imaging::plan_renditions(*info, specs);
  auto decoded = backend_.decode(input_.file, imaging::no_limits, plan.decode);
  if (!decoded) return tl::unexpected(std::move(decoded.error()));
  const auto original = std::make_shared<const imaging::Picture>(std::move(*decoded));
  double before = cpu_milliseconds();
  record(steps_, "decode", before - start);

  std::vector<imaging::PicturePtr> pictures(specs.size());
  for (const auto& step : plan.steps) {
    const auto& spec = specs[step.rendition];
    const imaging::Source source{.picture = step.source ? pictures[*step.source] : original,
                                 .watermark = {}};
    TimedBackend::Times times;
    auto rendered = imaging::render(TimedBackend(backend_, times), source, spec);
    if (!rendered) return tl::unexpected(std::move(rendered.error()));
    pictures[step.rendition] = std::move(rendered->picture);
    files_[step.rendition] = std::move(rendered->file);
    const double after = cpu_milliseconds();
    if (times.resample > 0) record(steps_, spec.name + " resample", times.resample);
    if (times.encode > 0) record(steps_, spec.name + " encode", times.encode);
    record(steps_, spec.name, after - before);
    before = after;
  }
  record(steps_, "job", before - start);
  return {};
}

}  // namespace darkroom::tools
