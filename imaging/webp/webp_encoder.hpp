#pragma once

#include <tl/expected.hpp>

#include "imaging/encode_options.hpp"
#include "imaging/error.hpp"
#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// Encodes a frame of any layout, with its alpha. Lossy files are made from 4:2:0 planes and from
/// grey without a detour through RGB. Throws std::bad_alloc.
[[nodiscard]] tl::expected<EncodedImage, Error> encode_webp(const Frame& frame,
                                                            const EncodeOptions& options);

}  // namespace darkroom::imaging
