#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/jpeg/coefficient_arrays.hpp"
#include "imaging/jpeg/jpeg_errors.hpp"
#include "imaging/probe.hpp"

struct jpeg_decompress_struct;

namespace darkroom::imaging {

/// Scans that a progressive file may have. Encoders write about ten; each scan of a hostile file
/// costs a walk over the whole picture for a few bytes.
inline constexpr int most_jpeg_scans = 500;
/// The same for large pictures: scans x pixels.
inline constexpr std::uint64_t most_scanned_pixels = 6'400'000'000;

/// One file on its way through libjpeg.
class JpegReader {
 public:
  JpegReader();
  ~JpegReader();
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  /// Reads up to the first scan. `file` must stay until everything is decoded.
  [[nodiscard]] tl::expected<void, Error> open(std::span<const std::byte> file,
                                               const ImageInfo& info);

  [[nodiscard]] jpeg_decompress_struct& codec();
  [[nodiscard]] JpegErrors& errors() { return errors_; }

 private:
  JpegErrors errors_;
  CoefficientArrays coefficients_;
  std::unique_ptr<jpeg_decompress_struct> codec_;
};

/// The steps around the reading of pixels; from inside of JpegErrors::run. With
/// `keep_coefficients` libjpeg holds them when all is read.
void start_reading(jpeg_decompress_struct& codec, bool keep_coefficients);
void start_output(jpeg_decompress_struct& codec);
/// Reads on to the end of the file.
void finish_reading(jpeg_decompress_struct& codec);

}  // namespace darkroom::imaging
