#pragma once

#include <cstdint>

#include "imaging/frame.hpp"
#include "imaging/size.hpp"

namespace darkroom::imaging {

/// A frame without its samples: what must be known to say how much memory it takes.
struct FrameShape {
  Size size;
  PixelLayout layout = PixelLayout::rgb;
  Subsampling subsampling = {};  ///< Of layout ycc.
};

[[nodiscard]] std::uint64_t pixels_of(Size size);

/// Of an interleaved frame without padding, or of planes whose rows are aligned.
[[nodiscard]] std::uint64_t bytes_of(const FrameShape& shape);

/// Samples of all channels together, without padding.
[[nodiscard]] std::uint64_t samples_of(const FrameShape& shape);

}  // namespace darkroom::imaging
