#include "imaging/pipeline.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "imaging/plan.hpp"

namespace darkroom::imaging {
namespace {

/// Runs the steps of a plan, holding each picture only as long as a step to come starts from it.
class PlanRun {
 public:
  PlanRun(const Backend& backend, PicturePtr original, std::span<const PlanStep> steps,
          std::span<const jobs::RenditionSpec> specs, std::span<const FramePtr> watermarks)
      : backend_(backend),
        original_(std::move(original)),
        steps_(steps),
        specs_(specs),
        watermarks_(watermarks),
        results_(specs.size()) {}

  std::vector<tl::expected<RenderedImage, Error>> run() {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      run_step(i);
    }
    return std::move(results_);
  }

 private:
  void run_step(std::size_t index) {
    const PlanStep& step = steps_[index];
    auto& result = results_[step.rendition];
    if (step.source && !results_[*step.source]) {
      result = tl::unexpected(results_[*step.source].error());
      return;
    }
    {
      const Source source{.picture = step.source ? results_[*step.source]->picture : original_,
                          .watermark = watermarks_.empty() ? nullptr : watermarks_[step.rendition]};
      release_unless_needed(step.source, index);
      result = render(backend_, source, specs_[step.rendition]);
    }
    if (result) release_unless_needed(step.rendition, index);
  }

  /// Lets go of a rendition's picture, or of the original for none, where no later step uses it.
  void release_unless_needed(std::optional<std::size_t> source, std::size_t done) {
    const auto later = steps_.begin() + static_cast<std::ptrdiff_t>(done) + 1;
    const bool needed = std::any_of(later, steps_.end(),
                                    [&](const PlanStep& step) { return step.source == source; });
    if (needed) return;
    (source ? results_[*source]->picture : original_).reset();
  }

  const Backend& backend_;
  PicturePtr original_;
  std::span<const PlanStep> steps_;
  std::span<const jobs::RenditionSpec> specs_;
  std::span<const FramePtr> watermarks_;
  std::vector<tl::expected<RenderedImage, Error>> results_;
};

}  // namespace

tl::expected<PipelineResult, Error> run_pipeline(const Backend& backend,
                                                 std::span<const std::byte> bytes,
                                                 const Limits& limits,
                                                 std::span<const jobs::RenditionSpec> specs,
                                                 std::span<const FramePtr> watermarks) {
  auto info = probe(bytes, limits);
  if (!info) return tl::unexpected(std::move(info.error()));
  const Plan plan = plan_renditions(*info, specs);
  auto original = backend.decode(bytes, limits, plan.decode);
  if (!original) return tl::unexpected(std::move(original.error()));
  PlanRun run(backend, std::make_shared<const Picture>(std::move(*original)), plan.steps, specs,
              watermarks);
  return PipelineResult{.info = *info, .renditions = run.run()};
}

}  // namespace darkroom::imaging
