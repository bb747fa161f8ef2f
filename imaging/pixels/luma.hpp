#pragma once

#include "imaging/frame.hpp"
#include "imaging/plane_buffer.hpp"

namespace darkroom::imaging {

/// The brightness of a frame's pixels: Y' of ITU-R BT.601, whatever their alpha. Throws
/// std::bad_alloc.
[[nodiscard]] PlaneBuffer luma_of(const Frame& frame);

}  // namespace darkroom::imaging
