#pragma once

#include <cstdint>
#include <optional>

#include "imaging/formats/byte_reader.hpp"

namespace darkroom::imaging {

/// How many pixels the compressed data of a GIF's picture bring, counted up to `most`; none where
/// they cannot be decoded. `reader` stands at the LZW code size. stb_image leaves the pixels that
/// are missing as they were and reports success.
[[nodiscard]] std::optional<std::uint64_t> count_gif_pixels(ByteReader reader, std::uint64_t most);

}  // namespace darkroom::imaging
