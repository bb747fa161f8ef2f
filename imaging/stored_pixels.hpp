#pragma once

#include <cstdint>

#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// How a file has its pixels stored, as far as that decides how much memory it takes to decode
/// them.
struct StoredPixels {
  std::uint64_t file_bytes = 0;
  std::uint32_t channels = 3;    ///< Of the decoded frame, 1 to 4.
  std::uint32_t depth = 8;       ///< Bits of a sample.
  Subsampling subsampling = {};  ///< Of an AVIF or HEIC file, as it is coded.
  bool cropped = false;          ///< A HEIC picture whose blocks reach past its edges.
  bool planes = false;           ///< Decoded to a frame of layout ycc.
  bool profile = false;          ///< Colours that are brought to sRGB.
  bool several_passes = false;   ///< A JPEG of several scans, an interlaced PNG.
  std::uint32_t samples = 3;     ///< Of a PNG's pixel in the file; 1 for a palette.
  bool expanded = false;         ///< A PNG with a palette or a transparent colour.
  bool in_pieces = false;        ///< A PNG whose compressed data lie in several chunks.
  bool lossless = false;         ///< Of a WebP.
  /// DCT coefficients of a JPEG, with those that fill its blocks up; 2 bytes each.
  std::uint64_t coefficients = 0;
};

}  // namespace darkroom::imaging
