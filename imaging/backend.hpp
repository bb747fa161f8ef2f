#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <tl/expected.hpp>

#include "imaging/decode_request.hpp"
#include "imaging/encode_options.hpp"
#include "imaging/error.hpp"
#include "imaging/frame.hpp"
#include "imaging/picture.hpp"
#include "imaging/probe.hpp"
#include "imaging/size.hpp"

namespace darkroom::imaging {

/// The three steps that cost the time, behind one seam: a faster implementation takes the place of
/// another without the operations above it changing. Implementations have no state; every member
/// is thread-safe and never throws for anything that a picture can cause.
class Backend {
 public:
  virtual ~Backend() = default;

  /// Decodes to an upright picture in sRGB (EXIF orientation and ICC profile applied). Checks the
  /// limits first.
  [[nodiscard]] virtual tl::expected<Picture, Error> decode(
      std::span<const std::byte> bytes, const Limits& limits,
      const DecodeRequest& request = {}) const = 0;

  /// Resamples a region of the frame to `size`, at least 1 x 1. Alpha is weighted correctly.
  [[nodiscard]] virtual tl::expected<FramePtr, Error> resample(const Frame& frame,
                                                               const Region& region, Size size,
                                                               bool linear_light) const = 0;

  /// Encodes. A format without alpha gets such frames laid on options.background.
  [[nodiscard]] virtual tl::expected<EncodedImage, Error> encode(
      const Frame& frame, const EncodeOptions& options) const = 0;
};

/// The backend built on the stb libraries: the reference. Reads all formats but WebP, AVIF and
/// HEIC; writes JPEG and PNG. Lives as long as the program.
[[nodiscard]] const Backend& stb_backend();

/// The backend to use: libjpeg-turbo, libwebp, libavif, libheif, PNG on libdeflate and a resampler
/// of our own; stb for the formats that these do not cover. Lives as long as the program.
[[nodiscard]] const Backend& fast_backend();

}  // namespace darkroom::imaging
