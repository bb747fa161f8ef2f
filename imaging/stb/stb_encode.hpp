#pragma once

#include <tl/expected.hpp>

#include "imaging/backend.hpp"

namespace darkroom::imaging {

/// Encodes by stb_image_write: see Backend::encode. Its JPEG files are baseline with the standard
/// Huffman tables, colour subsampled 4:2:0 up to quality 90 and not at all above; a grey picture
/// becomes a colour file whose colour planes are empty. Its PNG files have 8 bits a sample.
[[nodiscard]] tl::expected<EncodedImage, Error> stb_encode(const Frame& frame,
                                                           const EncodeOptions& options);

}  // namespace darkroom::imaging
