#pragma once

#include <cstdint>
#include <span>

#include "imaging/frame.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::imaging {

/// The same layout without alpha.
[[nodiscard]] constexpr PixelLayout without_alpha(PixelLayout layout) {
  if (layout == PixelLayout::grey_alpha) return PixelLayout::grey;
  return layout == PixelLayout::rgba ? PixelLayout::rgb : layout;
}

/// A frame with alpha laid on a background: c * a + background * (1 - a), rounded to nearest. Works
/// on the sRGB samples as they are, as browsers do. A grey frame stays grey where the background is
/// a grey. Frames without alpha are returned as a copy. Throws std::bad_alloc.
[[nodiscard]] FramePtr flatten(const Frame& frame, jobs::Colour background);

/// True where every pixel is opaque; `samples` lie as `layout` says, which must have alpha.
[[nodiscard]] bool is_opaque(std::span<const std::uint8_t> samples, PixelLayout layout);

/// An interleaved frame with alpha without it, whatever it says. Throws std::bad_alloc.
[[nodiscard]] FramePtr drop_alpha(const Frame& frame);

}  // namespace darkroom::imaging
