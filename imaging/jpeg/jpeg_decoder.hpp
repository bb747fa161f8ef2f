#pragma once

#include <cstddef>
#include <span>

#include <tl/expected.hpp>

#include "imaging/decode_request.hpp"
#include "imaging/error.hpp"
#include "imaging/picture.hpp"
#include "imaging/probe.hpp"

namespace darkroom::imaging {

/// Decodes a JPEG file that `probe` gave `info` of: YCbCr to a frame of layout ycc, grey to grey,
/// all else to rgb. An embedded ICC profile other than that of sRGB is applied, and gives rgb. A
/// frame that is scaled down is so by exactly 1/2, 1/4 or 1/8, its size rounded up: its last column
/// and row may lie in part outside of the picture. Throws std::bad_alloc.
[[nodiscard]] tl::expected<Picture, Error> decode_jpeg(std::span<const std::byte> file,
                                                       const ImageInfo& info,
                                                       const DecodeRequest& request);

}  // namespace darkroom::imaging
