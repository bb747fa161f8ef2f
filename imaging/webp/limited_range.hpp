#pragma once

#include <cstddef>
#include <cstdint>

#include "imaging/plane_buffer.hpp"

namespace darkroom::imaging {

/// From full range, 0 to 255, to the limited one of ITU-R BT.601 in which WebP has its samples:
/// luma 16 to 235. Rounded to nearest.
void limit_luma(const std::uint8_t* full, std::uint8_t* limited, std::size_t samples);

/// The same for chroma: 16 to 240.
void limit_chroma(const std::uint8_t* full, std::uint8_t* limited, std::size_t samples);

/// A plane of one channel. Throws std::bad_alloc.
[[nodiscard]] PlaneBuffer limited_luma(const Plane& full);
[[nodiscard]] PlaneBuffer limited_chroma(const Plane& full);

}  // namespace darkroom::imaging
