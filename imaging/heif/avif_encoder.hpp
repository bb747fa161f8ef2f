#pragma once

#include <tl/expected.hpp>

#include "imaging/encode_options.hpp"
#include "imaging/error.hpp"
#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// Encodes a frame of any layout, with its alpha, in one thread. Planes that have the wanted
/// subsampling are encoded as they are. Throws std::bad_alloc.
[[nodiscard]] tl::expected<EncodedImage, Error> encode_avif(const Frame& frame,
                                                            const EncodeOptions& options);

}  // namespace darkroom::imaging
