#pragma once

#include "imaging/frame.hpp"
#include "imaging/pixels/offset.hpp"

namespace darkroom::imaging {

/// Cuts `size` pixels out of a frame, which must hold them. Samples are copied; only the chroma of
/// an offset that lies within a chroma sample is resampled. Throws std::bad_alloc.
[[nodiscard]] FramePtr crop(const Frame& frame, Offset offset, Size size);

}  // namespace darkroom::imaging
