#pragma once

#include <cstddef>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/picture.hpp"
#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// Decodes the primary picture of a HEIC file that `info` is the probe of; upright and in sRGB.
/// Throws std::bad_alloc.
[[nodiscard]] tl::expected<Picture, Error> decode_heic(std::span<const std::byte> file,
                                                       const ImageInfo& info);

}  // namespace darkroom::imaging
