#include "imaging/plan.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "imaging/geometry.hpp"

namespace darkroom::imaging {
namespace {

using jobs::ChromaSubsampling;
using jobs::RenditionSpec;

/// A rendition is made from a picture at least so many times as large as it needs.
constexpr double margin_of_rendition = 2;

/// A JPEG is decoded at a reduced size where that is still so many times as large as needed: its
/// reduction by DCT is a little softer than our filter, and must not be the last step.
constexpr double margin_of_reduction = 1.25;

std::uint64_t area(Size size) {
  return std::uint64_t{size.width} * size.height;
}

bool covers(Size frame, double times, Size needed) {
  return frame.width >= times * needed.width && frame.height >= times * needed.height;
}

/// How large the whole picture must be for the rendition's region to have the pixels it needs.
Size needed_size(Size picture, const RenditionSpec& spec) {
  const Geometry geometry = geometry_of(picture, spec);
  const auto side = [](std::uint32_t whole, std::uint32_t scaled, double region) {
    const double needed = std::min(1.0, scaled / region) * whole;
    return std::max(static_cast<std::uint32_t>(std::lround(needed)), 1U);
  };
  return {side(picture.width, geometry.scaled.width, geometry.region.width),
          side(picture.height, geometry.scaled.height, geometry.region.height)};
}

/// True where other renditions may be made from this one: it is the original, only smaller.
bool is_plain(Size original, const RenditionSpec& spec) {
  const Geometry geometry = geometry_of(original, spec);
  return geometry.region == whole(original) && geometry.canvas == geometry.scaled &&
         spec.fit != jobs::Fit::fill && spec.sharpen == 0 && !spec.watermark;
}

/// True where `wanted` may be made from `larger`. The size that comes of it must be that which
/// comes of the original: proportions rounded twice can be off by a pixel.
bool suffices(Size original, const RenditionSpec& larger, const RenditionSpec& wanted) {
  if (!is_plain(original, larger) || larger.linear_light != wanted.linear_light) return false;
  const Size source = geometry_of(original, larger).canvas;
  const Geometry from_original = geometry_of(original, wanted);
  const Geometry from_larger = geometry_of(source, wanted);
  return covers(source, margin_of_rendition, needed_size(original, wanted)) &&
         from_larger.scaled == from_original.scaled && from_larger.canvas == from_original.canvas;
}

std::vector<PlanStep> steps_by_size(Size original, std::span<const RenditionSpec> renditions) {
  std::vector<PlanStep> steps;
  steps.reserve(renditions.size());
  for (std::size_t i = 0; i < renditions.size(); ++i) {
    steps.push_back(
        {.rendition = i, .source = {}, .size = geometry_of(original, renditions[i]).canvas});
  }
  std::ranges::stable_sort(
      steps, [](const PlanStep& a, const PlanStep& b) { return area(a.size) > area(b.size); });
  return steps;
}

/// `steps` are ordered by size, the largest first.
std::optional<std::size_t> find_smallest_plain(Size original, std::span<const PlanStep> steps,
                                               std::span<const RenditionSpec> renditions) {
  const auto found = std::find_if(steps.rbegin(), steps.rend(), [&](const PlanStep& step) {
    return is_plain(original, renditions[step.rendition]);
  });
  if (found == steps.rend()) return std::nullopt;
  return found->rendition;
}

/// What the steps that start from the original ask of it.
DecodeRequest request_for(const ImageInfo& info, std::span<const PlanStep> steps,
                          std::span<const RenditionSpec> renditions) {
  const Size original = upright_size(info);
  DecodeRequest request{.sufficient = {1, 1}, .coefficients = false};
  for (const PlanStep& step : steps) {
    if (step.source) continue;
    const RenditionSpec& spec = renditions[step.rendition];
    if (is_transcoding(info, spec)) {
      request.coefficients = true;
      continue;
    }
    const Size needed = needed_size(original, spec);
    const auto with_margin = [](std::uint32_t side) {
      return static_cast<std::uint32_t>(std::ceil(side * margin_of_reduction));
    };
    request.sufficient.width = std::max(request.sufficient.width, with_margin(needed.width));
    request.sufficient.height = std::max(request.sufficient.height, with_margin(needed.height));
  }
  return request;
}

/// From this quality on a JPEG keeps the chroma that its original has.
constexpr int fine_quality = 90;

bool has_chroma_420(const RenditionSpec& spec) {
  const bool automatic =
      spec.subsampling == ChromaSubsampling::automatic && spec.quality < fine_quality;
  return spec.format == jobs::OutputFormat::jpeg && !spec.linear_light &&
         (automatic || spec.subsampling == ChromaSubsampling::s420);
}

bool keeps_subsampling(const ImageInfo& info, const RenditionSpec& spec) {
  if (!info.jpeg_subsampling) return false;
  switch (spec.subsampling) {
    case ChromaSubsampling::automatic:
      // Fewer bytes may take a quality below that, and with it another subsampling.
      return (spec.quality >= fine_quality && spec.max_bytes == 0) ||
             *info.jpeg_subsampling == Subsampling{2, 2};
    case ChromaSubsampling::s420:
      return *info.jpeg_subsampling == Subsampling{2, 2};
    case ChromaSubsampling::s422:
      return *info.jpeg_subsampling == Subsampling{2, 1};
    case ChromaSubsampling::s444:
      return *info.jpeg_subsampling == Subsampling{1, 1};
  }
  return false;
}

}  // namespace

bool is_transcoding(const ImageInfo& original, const RenditionSpec& rendition) {
  const Size size = upright_size(original);
  const Geometry geometry = geometry_of(size, rendition);
  return original.transcodable && rendition.format == jobs::OutputFormat::jpeg &&
         geometry.region == whole(size) && geometry.scaled == size && geometry.canvas == size &&
         rendition.sharpen == 0 && !rendition.watermark && keeps_subsampling(original, rendition);
}

Plan plan_renditions(const ImageInfo& info, std::span<const RenditionSpec> renditions) {
  const Size original = upright_size(info);
  std::vector<PlanStep> steps = steps_by_size(original, renditions);
  for (auto step = steps.begin(); step != steps.end(); ++step) {
    // Going back from a step the renditions grow, so the first that suffices is the smallest. One
    // as large as the original is no gain.
    for (auto larger = step; larger != steps.begin();) {
      --larger;
      if (larger->size == original) break;
      if (!suffices(original, renditions[larger->rendition], renditions[step->rendition])) continue;
      step->source = larger->rendition;
      break;
    }
  }
  DecodeRequest request = request_for(info, steps, renditions);
  request.chroma_420 = std::ranges::all_of(renditions, has_chroma_420);
  const auto smallest_plain = find_smallest_plain(original, steps, renditions);
  return {.decode = request, .steps = std::move(steps), .smallest_plain = smallest_plain};
}

}  // namespace darkroom::imaging
