#include "imaging/pipeline.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "imaging/plan.hpp"

namespace darkroom::imaging {
namespace {

/// Runs the steps of a plan, holding each frame only as long as a step to come starts from it.
class PlanRun {
 public:
  PlanRun(const Backend& backend, FramePtr original, std::span<const jobs::RenditionSpec> specs)
      : backend_(backend),
        original_(std::move(original)),
        specs_(specs),
        steps_(plan_renditions({original_->width(), original_->height()}, specs)),
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
      const FramePtr source = step.source ? results_[*step.source]->frame : original_;
      release_unless_needed(step.source, index);
      result = render(backend_, source, specs_[step.rendition]);
    }
    if (result) release_unless_needed(step.rendition, index);
  }

  /// Lets go of a rendition's frame, or of the original for none, where no later step uses it.
  void release_unless_needed(std::optional<std::size_t> source, std::size_t done) {
    const auto later = steps_.begin() + static_cast<std::ptrdiff_t>(done) + 1;
    const bool needed = std::any_of(later, steps_.end(),
                                    [&](const PlanStep& step) { return step.source == source; });
    if (needed) return;
    (source ? results_[*source]->frame : original_).reset();
  }

  const Backend& backend_;
  FramePtr original_;
  std::span<const jobs::RenditionSpec> specs_;
  std::vector<PlanStep> steps_;
  std::vector<tl::expected<RenderedImage, Error>> results_;
};

}  // namespace

tl::expected<PipelineResult, Error> run_pipeline(const Backend& backend,
                                                 std::span<const std::byte> bytes,
                                                 const Limits& limits,
                                                 std::span<const jobs::RenditionSpec> specs) {
  auto info = probe(bytes, limits);
  if (!info) return tl::unexpected(std::move(info.error()));
  auto frame = backend.decode(bytes, limits);
  if (!frame) return tl::unexpected(std::move(frame.error()));
  return PipelineResult{.info = *info,
                        .renditions = PlanRun(backend, std::move(*frame), specs).run()};
}

}  // namespace darkroom::imaging
