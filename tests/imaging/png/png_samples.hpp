#pragma once

#include <cstdint>
#include <vector>

#include "imaging/formats/png_chunks.hpp"
#include "imaging/picture.hpp"
#include "tests/imaging/sample_files.hpp"

namespace darkroom::imaging::testing {

/// Every kind of pixel that PNG knows, each with and without interlacing.
[[nodiscard]] std::vector<PngHeader> every_png_kind(std::uint32_t width, std::uint32_t height);

/// A file of such a kind with random samples and filters; palettes are full.
[[nodiscard]] EncodedImage random_png(const PngHeader& header, bool transparency,
                                      std::uint32_t seed);

/// A file with more chunks behind IHDR.
[[nodiscard]] EncodedImage with_chunk(const EncodedImage& png, const EncodedImage& chunk);

[[nodiscard]] tl::expected<Picture, Error> decode(const EncodedImage& file);

}  // namespace darkroom::imaging::testing
