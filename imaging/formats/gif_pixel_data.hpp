#pragma once

#include <cstddef>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/plane_buffer.hpp"
#include "imaging/size.hpp"

namespace darkroom::imaging {

/// Decodes the pixels of a GIF's picture (GifFrame::data) to colour numbers, one byte each, in the
/// order in which the file has its rows. The table of codes may be full and stay so: an encoder
/// need not clear it (GIF89a specification, cover sheet). Data behind the last pixel are not looked
/// at. Fails where a code means nothing or pixels are missing. Throws std::bad_alloc.
[[nodiscard]] tl::expected<PlaneBuffer, Error> read_gif_pixels(std::span<const std::byte> data,
                                                               Size size);

}  // namespace darkroom::imaging
