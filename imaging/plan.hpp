#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "imaging/operations.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::imaging {

/// What one rendition is made from.
struct PlanStep {
  std::size_t rendition = 0;          ///< Index into the renditions planned for.
  std::optional<std::size_t> source;  ///< Index of the rendition to start from; none: the original.
  Size size;                          ///< What it will measure.
};

/// Decides which frame each rendition is made from: a small one from the smallest sufficient larger
/// one, that is one at least twice as wide and as high, so that two resamplings look like one; else
/// from the original. Steps stand in an order in which each one's source comes before it. The plan
/// depends on the sizes alone, so that the service and the command line make the same bytes.
[[nodiscard]] std::vector<PlanStep> plan_renditions(
    Size original, std::span<const jobs::RenditionSpec> renditions);

}  // namespace darkroom::imaging
