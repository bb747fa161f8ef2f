#pragma once

#include <cstdint>
#include <vector>

#include "imaging/backend.hpp"
#include "imaging/frame.hpp"
#include "imaging/jpeg/jpeg_decoder.hpp"

/// JPEG files of all kinds, written by libjpeg.
namespace darkroom::imaging::testing {

enum class SampleColour : std::uint8_t { grey, ycc, rgb, cmyk, ycck };

struct SampleJpeg {
  Subsampling subsampling{1, 1};
  SampleColour colour = SampleColour::ycc;
  bool progressive = false;
  bool separate_scans = false;  ///< One for each component.
  int many_scans = 0;           ///< One for each coefficient, in this many steps of precision.
  int restart_rows = 0;
  int quality = 92;
  std::vector<std::byte> icc = {};
};

/// Of an rgb frame; CMYK is made with as much black as goes.
[[nodiscard]] EncodedImage make_jpeg(const Frame& frame, const SampleJpeg& kind = {});

/// probe and decode_jpeg in one.
[[nodiscard]] tl::expected<Picture, Error> decode(const EncodedImage& file,
                                                  const DecodeRequest& request = {});

/// What stb_image makes of the luma samples of a file.
[[nodiscard]] std::vector<std::uint8_t> stb_luma(const EncodedImage& file);

/// In dB, of two planes of one size.
[[nodiscard]] double psnr(const Plane& a, const Plane& b);

/// The largest difference of two samples.
[[nodiscard]] int largest_difference(const Plane& a, const Plane& b);

}  // namespace darkroom::imaging::testing
