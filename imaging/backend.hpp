#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/frame.hpp"
#include "imaging/probe.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::imaging {

/// An encoded file.
using EncodedImage = std::vector<std::byte>;

struct EncodeOptions {
  jobs::OutputFormat format = jobs::OutputFormat::jpeg;
  int quality = 82;  ///< JPEG only, 1 to 100.
};

/// The three steps that cost the time, behind one seam: a faster implementation takes the place of
/// another without the operations above it changing. Implementations have no state; every member
/// is thread-safe and never throws for anything that a picture can cause.
class Backend {
 public:
  virtual ~Backend() = default;

  /// Decodes to an upright frame (EXIF orientation applied). Checks the limits first.
  [[nodiscard]] virtual tl::expected<FramePtr, Error> decode(std::span<const std::byte> bytes,
                                                             const Limits& limits) const = 0;

  /// Resamples to exactly width x height, both at least 1. Alpha is weighted correctly.
  [[nodiscard]] virtual tl::expected<FramePtr, Error> resample(const Frame& frame,
                                                               std::uint32_t width,
                                                               std::uint32_t height) const = 0;

  /// Encodes. JPEG has no alpha: such frames are laid on white.
  [[nodiscard]] virtual tl::expected<EncodedImage, Error> encode(
      const Frame& frame, const EncodeOptions& options) const = 0;
};

/// The backend built on the stb libraries: the reference. Lives as long as the program.
[[nodiscard]] const Backend& stb_backend();

}  // namespace darkroom::imaging
