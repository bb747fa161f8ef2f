#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// What the samples of a pixel are, 8 bits each.
enum class SampleKind : std::uint8_t {
  grey,
  rgb,
  rgba,           ///< Alpha is carried over as it is.
  inverted_cmyk,  ///< 255 is no ink, as Adobe writes CMYK into JPEG files.
};

/// Brings samples from an embedded ICC profile to sRGB: relative colorimetric with black point
/// compensation, so that colours both spaces have stay what they are, and shadows keep their steps.
class ColourConversion {
 public:
  /// None where there is nothing to do: the profile is that of sRGB, cannot be read, or is for
  /// another kind of samples. Such samples count as sRGB, as browsers have it.
  [[nodiscard]] static std::optional<ColourConversion> to_srgb(std::span<const std::byte> icc,
                                                               SampleKind kind);

  /// Grey becomes grey, rgba stays rgba, the others become rgb. `to` may be `from`.
  void convert(const std::uint8_t* from, std::uint8_t* to, std::size_t pixels) const;

 private:
  struct Delete {
    void operator()(void* transform) const;
  };

  explicit ColourConversion(void* transform) : transform_(transform) {}
  void tabulate();

  std::unique_ptr<void, Delete> transform_;
  std::optional<std::array<std::uint8_t, 256>> grey_table_;
};

/// An interleaved frame in sRGB; the frame itself where ColourConversion has nothing to do. Throws
/// std::bad_alloc.
[[nodiscard]] FramePtr convert_to_srgb(const FramePtr& frame, std::span<const std::byte> icc);

}  // namespace darkroom::imaging
