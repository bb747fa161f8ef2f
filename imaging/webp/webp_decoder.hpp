#pragma once

#include <cstddef>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/picture.hpp"
#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// Decodes a WebP file that `info` is the probe of; upright and in sRGB. An opaque lossy picture
/// becomes a ycc frame. Of an animation the first frame, on a transparent canvas: the background
/// colour of the file is meant for viewers and heeded by none. Throws std::bad_alloc.
[[nodiscard]] tl::expected<Picture, Error> decode_webp(std::span<const std::byte> file,
                                                       const ImageInfo& info);

}  // namespace darkroom::imaging
