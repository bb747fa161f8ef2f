#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "imaging/plane_buffer.hpp"
#include "imaging/size.hpp"

namespace darkroom::imaging {

/// How the samples of a frame lie in memory; 8 bits each.
enum class PixelLayout : std::uint8_t {
  grey,        ///< 1 sample a pixel
  grey_alpha,  ///< 2; alpha is straight, not premultiplied
  rgb,         ///< 3
  rgba,        ///< 4; alpha is straight, not premultiplied
  /// Three planes: Y', Cb, Cr of ITU-R BT.601 in full range, as JFIF 1.02 has them; the chroma
  /// planes may be subsampled, each of their samples lying in the middle of the pixels it covers.
  ycc,
};

/// Samples of a pixel in an interleaved layout; 1 for ycc, whose planes have one each.
[[nodiscard]] constexpr std::uint32_t channels(PixelLayout layout) {
  return layout == PixelLayout::ycc ? 1 : static_cast<std::uint32_t>(layout) + 1;
}

[[nodiscard]] constexpr bool has_alpha(PixelLayout layout) {
  return layout == PixelLayout::grey_alpha || layout == PixelLayout::rgba;
}

/// How many pixels one chroma sample covers: {2, 2} is 4:2:0, {2, 1} 4:2:2, {1, 2} 4:4:0, {4, 1}
/// 4:1:1, {1, 1} 4:4:4.
struct Subsampling {
  std::uint8_t horizontal = 1;
  std::uint8_t vertical = 1;

  friend bool operator==(const Subsampling&, const Subsampling&) = default;
};

/// Size of a chroma plane of a picture; a last column or row of pixels that fills half of a chroma
/// sample has one.
[[nodiscard]] constexpr Size chroma_size(Size picture, Subsampling subsampling) {
  return {(picture.width + subsampling.horizontal - 1) / subsampling.horizontal,
          (picture.height + subsampling.vertical - 1) / subsampling.vertical};
}

/// A decoded, upright picture in sRGB colours. Immutable once made, so that it is shared between
/// threads freely.
class Frame {
 public:
  /// An interleaved frame. `samples` must hold exactly width x height x channels(layout) bytes;
  /// throws std::invalid_argument otherwise, which is a bug in the caller.
  Frame(std::uint32_t width, std::uint32_t height, PixelLayout layout,
        const std::vector<std::uint8_t>& samples);

  /// An interleaved frame whose rows lie one behind the other (PlaneBuffer::tight).
  Frame(PixelLayout layout, PlaneBuffer samples);

  /// A frame of layout ycc: Y', Cb, Cr. The planes' sizes must be those of chroma_size.
  Frame(Subsampling subsampling, std::array<PlaneBuffer, 3> planes);

  [[nodiscard]] Size size() const { return {width(), height()}; }
  [[nodiscard]] std::uint32_t width() const { return planes_[0].width(); }
  [[nodiscard]] std::uint32_t height() const { return planes_[0].height(); }
  [[nodiscard]] PixelLayout layout() const { return layout_; }
  /// {1, 1} for interleaved frames.
  [[nodiscard]] Subsampling subsampling() const { return subsampling_; }

  /// 3 for ycc, else 1.
  [[nodiscard]] std::size_t plane_count() const { return layout_ == PixelLayout::ycc ? 3 : 1; }
  [[nodiscard]] const Plane& plane(std::size_t index) const { return planes_.at(index).view(); }

  /// All samples of an interleaved frame; empty for ycc.
  [[nodiscard]] std::span<const std::uint8_t> samples() const;

 private:
  PixelLayout layout_;
  Subsampling subsampling_;
  std::array<PlaneBuffer, 3> planes_;
};

using FramePtr = std::shared_ptr<const Frame>;

}  // namespace darkroom::imaging
