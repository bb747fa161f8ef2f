#pragma once

#include <cstddef>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/picture.hpp"
#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// Decodes the primary picture of an AVIF file that `info` is the probe of; upright and in sRGB.
/// Throws std::bad_alloc.
[[nodiscard]] tl::expected<Picture, Error> decode_avif(std::span<const std::byte> file,
                                                       const ImageInfo& info);

}  // namespace darkroom::imaging
