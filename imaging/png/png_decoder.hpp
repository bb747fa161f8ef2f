#pragma once

#include <cstddef>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/picture.hpp"
#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// Decodes a PNG file that `info` is the probe of; upright and in sRGB. An alpha channel that is
/// opaque everywhere is dropped. Throws std::bad_alloc.
[[nodiscard]] tl::expected<Picture, Error> decode_png(std::span<const std::byte> file,
                                                      const ImageInfo& info);

}  // namespace darkroom::imaging
