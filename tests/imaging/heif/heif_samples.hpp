#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "imaging/encode_options.hpp"
#include "imaging/picture.hpp"
#include "imaging/probe.hpp"

namespace darkroom::imaging::testing {

struct HeicOptions {
  Orientation orientation = Orientation::normal;  ///< By the boxes irot and imir.
  int depth = 8;                                  ///< 8 or 10, of rgb frames.
  std::vector<std::byte> profile = {};            ///< ICC
  std::vector<std::byte> exif = {};               ///< From its TIFF header on.
};

/// A HEIC file of an rgb or rgba frame, by libheif's encoder; 4:4:4.
[[nodiscard]] EncodedImage heic_of(const Frame& frame, const HeicOptions& options = {});

[[nodiscard]] EncodedImage avif_of(const Frame& frame, int quality = 95);

/// AVIF or HEIC.
[[nodiscard]] tl::expected<Picture, Error> decode(const EncodedImage& file);

}  // namespace darkroom::imaging::testing
