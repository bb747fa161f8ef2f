#include "imaging/plan.hpp"

#include <algorithm>
#include <cstdint>

namespace darkroom::imaging {
namespace {

std::uint64_t area(Size size) {
  return std::uint64_t{size.width} * size.height;
}

/// True where `wanted` may be made from a rendition of size `source`. The size that comes of it
/// must be that which comes of the original: proportions rounded twice can be off by a pixel.
bool suffices(Size source, Size wanted, Size box) {
  constexpr std::uint64_t margin = 2;
  return source.width >= margin * wanted.width && source.height >= margin * wanted.height &&
         fit_inside(source, box) == wanted;
}

}  // namespace

std::vector<PlanStep> plan_renditions(Size original,
                                      std::span<const jobs::RenditionSpec> renditions) {
  const auto box = [&](std::size_t i) { return Size{renditions[i].width, renditions[i].height}; };
  std::vector<PlanStep> steps;
  steps.reserve(renditions.size());
  for (std::size_t i = 0; i < renditions.size(); ++i) {
    steps.push_back({.rendition = i, .source = {}, .size = fit_inside(original, box(i))});
  }
  std::stable_sort(steps.begin(), steps.end(), [](const PlanStep& a, const PlanStep& b) {
    return area(a.size) > area(b.size);
  });
  for (auto step = steps.begin(); step != steps.end(); ++step) {
    // Going back from a step the renditions grow, so the first that suffices is the smallest. One
    // as large as the original is no gain.
    for (auto larger = step; larger != steps.begin();) {
      --larger;
      if (larger->size == original) break;
      if (!suffices(larger->size, step->size, box(step->rendition))) continue;
      step->source = larger->rendition;
      break;
    }
  }
  return steps;
}

}  // namespace darkroom::imaging
