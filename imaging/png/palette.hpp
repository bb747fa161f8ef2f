#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// A picture of few colours.
struct IndexedPicture {
  /// Red, green, blue, alpha; those that are not opaque come first.
  std::vector<std::array<std::uint8_t, 4>> palette;
  std::vector<std::uint8_t> indices;  ///< One for each pixel, row by row.
  int depth = 8;                      ///< Bits that an index takes: 1, 2, 4 or 8.
};

/// None where the picture has more than 256 colours, or would not become smaller. The frame is an
/// interleaved one. Throws std::bad_alloc.
[[nodiscard]] std::optional<IndexedPicture> find_palette(const Frame& frame);

}  // namespace darkroom::imaging
