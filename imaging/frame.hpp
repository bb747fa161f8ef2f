#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace darkroom::imaging {

/// How the samples of a frame lie in memory; 8 bits each, rows from top to bottom, no padding.
enum class PixelLayout : std::uint8_t {
  grey,        ///< 1 sample a pixel
  grey_alpha,  ///< 2; alpha is straight, not premultiplied
  rgb,         ///< 3
  rgba,        ///< 4; alpha is straight, not premultiplied
};

[[nodiscard]] constexpr std::uint32_t channels(PixelLayout layout) {
  return static_cast<std::uint32_t>(layout) + 1;
}

[[nodiscard]] constexpr bool has_alpha(PixelLayout layout) {
  return layout == PixelLayout::grey_alpha || layout == PixelLayout::rgba;
}

/// A decoded, upright picture. Immutable once made, so that it is shared between threads freely.
class Frame {
 public:
  /// `samples` must hold exactly width x height x channels(layout) bytes; throws
  /// std::invalid_argument otherwise, which is a bug in the caller.
  Frame(std::uint32_t width, std::uint32_t height, PixelLayout layout,
        std::vector<std::uint8_t> samples);

  [[nodiscard]] std::uint32_t width() const { return width_; }
  [[nodiscard]] std::uint32_t height() const { return height_; }
  [[nodiscard]] PixelLayout layout() const { return layout_; }
  [[nodiscard]] std::span<const std::uint8_t> samples() const { return samples_; }

 private:
  std::uint32_t width_;
  std::uint32_t height_;
  PixelLayout layout_;
  std::vector<std::uint8_t> samples_;
};

using FramePtr = std::shared_ptr<const Frame>;

}  // namespace darkroom::imaging
