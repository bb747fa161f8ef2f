#pragma once

#include <cstdint>
#include <vector>

#include "imaging/picture.hpp"
#include "tests/imaging/sample_files.hpp"

namespace darkroom::imaging::testing {

struct WebpFrame {
  std::uint32_t left = 0;
  std::uint32_t top = 0;
  EncodedImage file;  ///< A whole WebP file of one picture.
};

/// A RIFF file of type WEBP.
[[nodiscard]] EncodedImage riff(const EncodedImage& chunks);

/// One chunk, filled up to an even length.
[[nodiscard]] EncodedImage riff_chunk(std::string_view type, const EncodedImage& data);

/// The chunk VP8X; `flags` as in RFC 9649: 0x02 animation, 0x08 EXIF, 0x10 alpha, 0x20 profile.
[[nodiscard]] EncodedImage canvas_chunk(std::uint32_t flags, std::uint32_t width,
                                        std::uint32_t height);

[[nodiscard]] EncodedImage animated_webp(std::uint32_t width, std::uint32_t height,
                                         const std::vector<WebpFrame>& frames);

/// The picture's chunks with VP8X before them and more chunks around.
[[nodiscard]] EncodedImage extended_webp(const EncodedImage& simple, std::uint32_t flags, Size size,
                                         const EncodedImage& before, const EncodedImage& behind);

[[nodiscard]] EncodedImage webp_of(const Frame& frame, bool lossless = false, int quality = 90);

[[nodiscard]] tl::expected<Picture, Error> decode(const EncodedImage& file);

}  // namespace darkroom::imaging::testing
