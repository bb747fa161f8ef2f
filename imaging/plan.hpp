#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "imaging/decode_request.hpp"
#include "imaging/probe.hpp"
#include "imaging/size.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::imaging {

/// What one rendition is made from.
struct PlanStep {
  std::size_t rendition = 0;          ///< Index into the renditions planned for.
  std::optional<std::size_t> source;  ///< Index of the rendition to start from; none: the original.
  Size size;                          ///< What it will measure.
};

struct Plan {
  DecodeRequest decode;
  /// In an order in which each step's source comes before it.
  std::vector<PlanStep> steps;
  /// Index of the smallest rendition that shows all of the original and nothing else; none where
  /// there is none. What is to be found out about the original can be found out there.
  std::optional<std::size_t> smallest_plain;
};

/// Decides how the original is decoded and which picture each rendition is made from: a small one
/// from the smallest sufficient larger one, that is one at least twice as wide and as high, so that
/// two resamplings look like one; else from the original. The plan depends on the header and the
/// renditions alone, so that the service and the command line make the same bytes.
[[nodiscard]] Plan plan_renditions(const ImageInfo& original,
                                   std::span<const jobs::RenditionSpec> renditions);

/// True where the rendition keeps every pixel and changes nothing but the compression, so that it
/// can be made of the original's coefficients.
[[nodiscard]] bool is_transcoding(const ImageInfo& original, const jobs::RenditionSpec& rendition);

}  // namespace darkroom::imaging
