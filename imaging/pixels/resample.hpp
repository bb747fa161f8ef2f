#pragma once

#include <optional>

#include "imaging/frame.hpp"
#include "imaging/pixels/row_passes.hpp"
#include "imaging/size.hpp"

namespace darkroom::imaging {

struct ResampleOptions {
  /// Mix light instead of its sRGB encoding: slower, truer where fine detail has strong contrast.
  bool linear_light = false;
  /// Of the result, for ycc frames; none: as the frame has it.
  std::optional<Subsampling> subsampling = {};
};

/// Resamples a region of the frame to `size`, at least 1 x 1, with Lanczos3 (see AxisWeights). The
/// region may reach past the picture, which is mirrored there. Colours are weighted by their alpha.
/// The planes of a ycc frame are resampled each by itself, unless in linear light; nothing outside
/// the region and the filter's reach is read. The same bytes on every CPU. Pure; throws
/// std::bad_alloc only.
[[nodiscard]] FramePtr resample(const Frame& frame, const Region& region, Size size,
                                const ResampleOptions& options = {},
                                const RowPasses& passes = fastest_passes());

}  // namespace darkroom::imaging
