#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// The colour samples (grey or rgb) of a frame with alpha, laid on white: c * a + white * (1 - a),
/// rounded to nearest. Works on the sRGB samples as they are, as browsers do.
[[nodiscard]] std::vector<std::uint8_t> flatten_on_white(const Frame& frame);

/// True where every pixel is opaque; `samples` lie as `layout` says, which must have alpha.
[[nodiscard]] bool is_opaque(std::span<const std::uint8_t> samples, PixelLayout layout);

/// The same layout without alpha.
[[nodiscard]] constexpr PixelLayout without_alpha(PixelLayout layout) {
  if (layout == PixelLayout::grey_alpha) return PixelLayout::grey;
  return layout == PixelLayout::rgba ? PixelLayout::rgb : layout;
}

/// The samples without their alpha, whatever it says.
[[nodiscard]] std::vector<std::uint8_t> drop_alpha(std::span<const std::uint8_t> samples,
                                                   PixelLayout layout);

}  // namespace darkroom::imaging
