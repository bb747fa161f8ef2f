#pragma once

#include <cstddef>
#include <span>

#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// The orientation in a block of EXIF data, which begins with a TIFF header (EXIF 2.3, section
/// 4.5). Garbage, and values outside 1 to 8, count as normal: a picture is never refused for it.
[[nodiscard]] Orientation exif_orientation(std::span<const std::byte> tiff);

}  // namespace darkroom::imaging
