#include "imaging/memory_estimate.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "imaging/frame_shape.hpp"
#include "imaging/geometry.hpp"
#include "imaging/limits.hpp"
#include "imaging/memory_of_decoding.hpp"
#include "imaging/memory_of_encoding.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

using jobs::RenditionSpec;

/// Of one step, beside what it starts from.
struct StepMemory {
  std::uint64_t work = 0;   ///< While it is made, all of it.
  std::uint64_t frame = 0;  ///< What stays for further steps.
  std::uint64_t file = 0;   ///< What stays until it is written.
};

PixelLayout coloured(PixelLayout layout) {
  if (layout == PixelLayout::grey) return PixelLayout::rgb;
  return layout == PixelLayout::grey_alpha ? PixelLayout::rgba : layout;
}

/// Follows what operations.cpp does to a frame, noting the most that is held at once.
class Drawing {
 public:
  explicit Drawing(const FrameShape& source) : frame_(source) {}

  void resample(Size size, bool linear_light) {
    std::uint64_t beside = 0;
    FrameShape made{size, frame_.layout, frame_.subsampling};
    if (linear_light && frame_.layout == PixelLayout::ycc) {
      beside =
          bytes_of({frame_.size, PixelLayout::rgb, {}}) + bytes_of({size, PixelLayout::rgb, {}});
    }
    // Weights, and the rows that are blended.
    const std::uint64_t sides =
        std::uint64_t{frame_.size.width} + frame_.size.height + size.width + size.height;
    constexpr std::uint64_t weights = 24;
    const bool wide = linear_light || has_alpha(frame_.layout);
    const std::uint64_t scale = frame_.size.height / std::max(size.height, 1U) + 1;
    const std::uint64_t rows = std::min<std::uint64_t>(6 * scale + 2, 129);
    const std::uint64_t words = wide ? rows * frame_.size.width * channels(frame_.layout) * 2 : 0;
    replace(made, beside + sides * weights + words);
  }

  /// A copy of the present frame with so much beside.
  void copy(std::uint64_t beside) { replace(frame_, beside); }

  /// So much was held beside the present frame for a while.
  void note(std::uint64_t bytes) { peak_ = std::max(peak_, own_ + bytes); }

  void replace(const FrameShape& made, std::uint64_t beside) {
    peak_ = std::max(peak_, own_ + bytes_of(made) + beside);
    own_ = bytes_of(made);
    frame_ = made;
  }

  [[nodiscard]] const FrameShape& frame() const { return frame_; }
  [[nodiscard]] std::uint64_t own() const { return own_; }
  [[nodiscard]] std::uint64_t peak() const { return peak_; }

 private:
  FrameShape frame_;
  std::uint64_t own_ = 0;  ///< Of a frame that is not the source's.
  std::uint64_t peak_ = 0;
};

class Estimator {
 public:
  Estimator(const ImageInfo& info, const Plan& plan, std::span<const RenditionSpec> specs,
            bool reference, std::span<const std::optional<ImageInfo>> watermarks)
      : info_(info),
        plan_(plan),
        specs_(specs),
        reference_(reference),
        watermarks_(watermarks),
        shapes_(specs.size()),
        steps_(specs.size()) {}

  MemoryEstimate estimate() {
    const std::uint64_t marks = load_watermarks();
    original_ = memory_of_decoding(info_, plan_.decode, reference_);
    for (const PlanStep& step : plan_.steps)
      steps_[step.rendition] = measure(step);
    const std::uint64_t start = std::max(marks_peak_, marks + original_.peak);
    // Allocators round up, and every job has small things beside.
    constexpr std::uint64_t small_things = std::uint64_t{256} << 10U;
    return {.in_turn = std::max(start, marks + in_turn()) + small_things,
            .at_once = std::max(start, marks + at_once()) + small_things};
  }

 private:
  /// All of them are held during the whole job.
  std::uint64_t load_watermarks() {
    std::uint64_t held = 0;
    for (const auto& mark : watermarks_) {
      if (!mark) continue;
      const DecodingMemory memory = memory_of_decoding(*mark, {}, reference_);
      marks_peak_ = std::max(marks_peak_, held + memory.peak);
      held += memory.kept;
    }
    return held;
  }

  StepMemory measure(const PlanStep& step) {
    const RenditionSpec& spec = specs_[step.rendition];
    const Size original = upright_size(info_);
    const bool from_original = !step.source;
    if (from_original && plan_.decode.coefficients && is_transcoding(info_, spec)) {
      shapes_[step.rendition] = original_.frame;
      const auto memory = memory_of_transcoding(original, info_.stored.coefficients, spec);
      return {.work = memory.peak, .frame = 0, .file = memory.file};
    }
    const FrameShape source = from_original ? original_.frame : shapes_[*step.source];
    Drawing drawing(source);
    draw(spec, from_original ? original : source.size, drawing, step.rendition);
    shapes_[step.rendition] = drawing.frame();
    const auto encoding = memory_of_encoding(drawing.frame(), spec, reference_);
    return {.work = std::max(drawing.peak(), drawing.own() + encoding.peak),
            .frame = drawing.own(),
            .file = encoding.file};
  }

  void draw(const RenditionSpec& spec, Size picture, Drawing& drawing, std::size_t rendition) {
    const Geometry geometry = geometry_of(picture, spec);
    const FrameShape source = drawing.frame();
    const bool smart = spec.fit == jobs::Fit::cover && !spec.focus &&
                       spec.gravity == jobs::Gravity::smart && geometry.region != whole(picture);
    const std::uint64_t looking =
        smart ? bytes_of({source.size, coloured(rgb(source.layout)), {}}) +
                    bytes_of({source.size, PixelLayout::grey, {}}) + source.size.width * 16ULL
              : 0;
    const bool same = geometry.scaled == source.size && geometry.region == whole(picture);
    if (!same) drawing.resample(geometry.scaled, spec.linear_light);
    if (smart) drawing.note(looking);
    if (spec.sharpen > 0) {
      const std::uint64_t planes = has_alpha(drawing.frame().layout) ? 2 : 1;
      drawing.copy(planes * bytes_of({drawing.frame().size, PixelLayout::ycc, {4, 4}}));
    }
    if (geometry.canvas != geometry.scaled) pad(spec, geometry.canvas, drawing);
    if (spec.watermark) mark(*spec.watermark, rendition, drawing);
  }

  static PixelLayout rgb(PixelLayout layout) {
    return layout == PixelLayout::ycc ? PixelLayout::rgb : layout;
  }

  static void pad(const RenditionSpec& spec, Size canvas, Drawing& drawing) {
    const auto& colour = spec.background;
    const bool coloured_background = colour.red != colour.green || colour.green != colour.blue;
    const FrameShape before = drawing.frame();
    const PixelLayout layout = coloured_background ? coloured(before.layout) : before.layout;
    const FrameShape padded{canvas, layout, before.subsampling};
    const bool converted = layout != before.layout;
    // Chroma is moved in a plane of its own.
    const std::uint64_t beside =
        converted ? bytes_of({before.size, layout, {}}) : bytes_of(before) / 4;
    drawing.replace(padded, beside);
  }

  void mark(const jobs::Watermark& watermark, std::size_t rendition, Drawing& drawing) const {
    const FrameShape before = drawing.frame();
    const bool known = rendition < watermarks_.size() && watermarks_[rendition];
    const Size own = known ? upright_size(*watermarks_[rendition]) : Size{1, 1};
    const auto width =
        static_cast<std::uint32_t>(std::max(1.0, watermark.scale * before.size.width + 1));
    const Size placed = fit_inside(own, {width, before.size.height}, true);
    const std::uint64_t mark_bytes = bytes_of({placed, PixelLayout::rgba, {}});
    const FrameShape marked{before.size, coloured(before.layout), before.subsampling};
    const std::uint64_t converted = marked.layout == before.layout ? 0 : bytes_of(marked);
    drawing.replace(marked, 2 * mark_bytes + converted + own.width * 4ULL * 2 * 64);
  }

  [[nodiscard]] bool is_source(std::size_t rendition, std::size_t done) const {
    return std::any_of(plan_.steps.begin() + static_cast<std::ptrdiff_t>(done) + 1,
                       plan_.steps.end(),
                       [&](const PlanStep& step) { return step.source == rendition; });
  }

  /// As run_pipeline goes: files are kept to the end, pictures as long as they are started from.
  [[nodiscard]] std::uint64_t in_turn() const {
    std::uint64_t most = 0;
    std::uint64_t files = 0;
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      std::uint64_t held = files;
      // The source of this step is let go of when the step is done.
      const bool original_needed =
          std::any_of(plan_.steps.begin() + static_cast<std::ptrdiff_t>(i), plan_.steps.end(),
                      [](const PlanStep& step) { return !step.source; });
      if (original_needed) held += original_.kept;
      for (std::size_t j = 0; j < i; ++j) {
        const std::size_t made = plan_.steps[j].rendition;
        if (is_source(made, i - 1)) held += steps_[made].frame;
      }
      const StepMemory& step = steps_[plan_.steps[i].rendition];
      most = std::max(most, held + step.work);
      files += step.file;
    }
    return most;
  }

  /// The original and every frame that others start from are held, and of each operation the one
  /// that takes most is at work.
  [[nodiscard]] std::uint64_t at_once() const {
    std::array<std::uint64_t, 3> work{};
    std::uint64_t sources = 0;
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      const PlanStep& step = plan_.steps[i];
      const auto operation = static_cast<std::size_t>(specs_[step.rendition].operation);
      const StepMemory& memory = steps_[step.rendition];
      work.at(operation) = std::max(work.at(operation), memory.work);
      if (std::ranges::any_of(
              plan_.steps, [&](const PlanStep& other) { return other.source == step.rendition; })) {
        sources += memory.frame;
      }
    }
    std::uint64_t sum = original_.kept + sources;
    for (const std::uint64_t bytes : work)
      sum += bytes;
    return sum + waiting_results();
  }

  /// Of an operation with several renditions, the earlier ones may wait to be written while the
  /// next is made.
  [[nodiscard]] std::uint64_t waiting_results() const {
    std::array<std::uint64_t, 3> count{};
    std::uint64_t sum = 0;
    std::array<std::uint64_t, 3> sums{};
    for (const PlanStep& step : plan_.steps) {
      const auto operation = static_cast<std::size_t>(specs_[step.rendition].operation);
      const StepMemory& memory = steps_[step.rendition];
      ++count.at(operation);
      sums.at(operation) += memory.frame + memory.file;
    }
    for (std::size_t i = 0; i < count.size(); ++i) {
      if (count.at(i) > 1) sum += sums.at(i);
    }
    return sum;
  }

  const ImageInfo& info_;
  const Plan& plan_;
  std::span<const RenditionSpec> specs_;
  bool reference_;
  std::span<const std::optional<ImageInfo>> watermarks_;
  std::uint64_t marks_peak_ = 0;
  DecodingMemory original_;
  std::vector<FrameShape> shapes_;
  std::vector<StepMemory> steps_;
};

std::string in_mib(std::uint64_t bytes) {
  constexpr std::uint64_t mib = std::uint64_t{1} << 20U;
  return std::to_string((bytes + mib - 1) / mib) + " MiB";
}

}  // namespace

MemoryEstimate estimate_memory(const ImageInfo& info, const Plan& plan,
                               std::span<const RenditionSpec> specs, const Backend& backend,
                               std::span<const std::optional<ImageInfo>> watermarks) {
  const bool reference = &backend == &stb_backend();
  return Estimator(info, plan, specs, reference, watermarks).estimate();
}

tl::expected<void, Error> check_memory(const ImageInfo& info, std::size_t renditions,
                                       std::uint64_t estimate, std::uint64_t limit) {
  if (estimate <= limit) return {};
  return refuse(ErrorCode::too_much_memory,
                "The image takes too much memory: making " + std::to_string(renditions) +
                    (renditions == 1 ? " rendition" : " renditions") + " of " +
                    size_text(info.width, info.height) + " pixels needs about " + in_mib(estimate) +
                    "; " + in_mib(limit) +
                    " are allowed (imaging.max_memory). Ask for smaller renditions, for faster "
                    "ones (a lower effort), or send a smaller image.");
}

}  // namespace darkroom::imaging
