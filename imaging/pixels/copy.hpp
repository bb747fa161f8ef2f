#pragma once

#include <array>

#include "imaging/frame.hpp"
#include "imaging/plane_buffer.hpp"

namespace darkroom::imaging {

/// Memory for a picture's planes, as a Frame of this layout takes them; the last two are empty for
/// interleaved layouts. Throws std::bad_alloc.
[[nodiscard]] std::array<PlaneBuffer, 3> planes_for(PixelLayout layout, Size size,
                                                    Subsampling subsampling = {});

/// A frame's planes to change. Throws std::bad_alloc.
[[nodiscard]] std::array<PlaneBuffer, 3> copied_planes(const Frame& frame);

[[nodiscard]] FramePtr frame_of(PixelLayout layout, Subsampling subsampling,
                                std::array<PlaneBuffer, 3> planes);

/// Throws std::bad_alloc.
[[nodiscard]] FramePtr copy_of(const Frame& frame);

}  // namespace darkroom::imaging
