#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// The orientation in a block of EXIF data, which begins with a TIFF header (EXIF 2.3, section
/// 4.5). Garbage, and values outside 1 to 8, count as normal: a picture is never refused for it.
[[nodiscard]] Orientation exif_orientation(std::span<const std::byte> tiff);

/// The copyright notice (tag 0x8298) in such a block: the photographer's and the editor's, joined
/// by "; " where both stand there. None for garbage and for blanks.
[[nodiscard]] std::optional<std::string> exif_copyright(std::span<const std::byte> tiff);

/// A block of EXIF data that holds a copyright notice alone; of a very long one the first 60,000
/// bytes, so that it fits a JPEG segment.
[[nodiscard]] std::vector<std::byte> exif_with_copyright(std::string_view notice);

}  // namespace darkroom::imaging
