#pragma once

#include <tl/expected.hpp>

#include "imaging/encode_options.hpp"
#include "imaging/error.hpp"
#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// Encodes a frame of any layout without loss (ycc as its RGB). Pictures of at most 256 colours get
/// a palette. Throws std::bad_alloc.
[[nodiscard]] tl::expected<EncodedImage, Error> encode_png(const Frame& frame,
                                                           const EncodeOptions& options);

}  // namespace darkroom::imaging
