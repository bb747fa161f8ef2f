#pragma once

#include <cstddef>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/picture.hpp"

namespace darkroom::imaging {

/// Decodes the first frame of a GIF file that was probed, on a transparent canvas: the background
/// colour of the file is heeded by no browser. A picture becomes rgba where it does not cover its
/// canvas or has pixels of the transparent colour (or of one that its palette lacks), else rgb.
/// Throws std::bad_alloc.
[[nodiscard]] tl::expected<Picture, Error> decode_gif(std::span<const std::byte> file);

}  // namespace darkroom::imaging
