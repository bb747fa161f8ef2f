#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "imaging/pixels/copy.hpp"
#include "imaging/pixels/row_passes.hpp"
#include "imaging/pixels/vectorised.hpp"
#include "imaging/pixels/ycc.hpp"

namespace darkroom::imaging {
namespace {

/// Chroma between its samples has this many fractional bits.
constexpr int chroma_bits = 6;
constexpr int factor_bits = 16;

/// What a weighted sum of four samples has to be multiplied with to have chroma_bits: weights are
/// counted in 1 / (2 x horizontal) and 1 / (2 x vertical).
std::int32_t scale_of(Subsampling subsampling) {
  return (1 << chroma_bits) / (4 * subsampling.horizontal * subsampling.vertical);
}

DARKROOM_VECTORISED void blend_two(const std::uint8_t* upper, const std::uint8_t* lower,
                                   std::int32_t upper_weight, std::int32_t lower_weight,
                                   std::size_t count, std::int16_t* out) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<std::int16_t>(upper[i] * upper_weight + lower[i] * lower_weight);
  }
}

/// `row` has a neighbour before its first and after its last sample.
template <std::size_t Horizontal>
DARKROOM_VECTORISED void spread(const std::int16_t* row, std::size_t count, std::int16_t* out) {
  constexpr std::size_t whole = 2 * Horizontal;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t phase = 0; phase < Horizontal; ++phase) {
      // The pixel's centre lies (2 phase + 1 - Horizontal) / whole of a sample right of this one's.
      const std::size_t right = 2 * phase + 1;
      const std::int16_t* other = right >= Horizontal ? row + i + 1 : row + i - 1;
      const std::size_t away = right >= Horizontal ? right - Horizontal : Horizontal - right;
      out[i * Horizontal + phase] = static_cast<std::int16_t>(
          row[i] * static_cast<int>(whole - away) + *other * static_cast<int>(away));
    }
  }
}

/// Rows of a chroma plane at the picture's size.
class ChromaRows {
 public:
  ChromaRows(const Plane& plane, Subsampling subsampling)
      : plane_(plane),
        subsampling_(subsampling),
        blended_(std::size_t{plane.width} + 2),
        row_(std::size_t{plane.width} * subsampling.horizontal) {}

  const std::int16_t* row(std::uint32_t y) {
    const std::int64_t vertical = subsampling_.vertical;
    const std::int64_t whole = 2 * vertical;
    // Where the pixels' centres lie below the centre of the first chroma row, in 1 / whole.
    const std::int64_t at = 2 * std::int64_t{y} + 1 - vertical;
    const std::int64_t above = at < 0 ? -1 : at / whole;
    const auto part = static_cast<std::int32_t>(at - above * whole);
    const std::int32_t scale = scale_of(subsampling_);
    blend_two(row_at(above), row_at(above + 1), (static_cast<std::int32_t>(whole) - part) * scale,
              part * scale, plane_.width, blended_.data() + 1);
    blended_.front() = blended_[1];
    blended_.back() = blended_[plane_.width];
    const auto spread_out = subsampling_.horizontal == 1   ? spread<1>
                            : subsampling_.horizontal == 2 ? spread<2>
                                                           : spread<4>;
    spread_out(blended_.data() + 1, plane_.width, row_.data());
    return row_.data();
  }

 private:
  [[nodiscard]] const std::uint8_t* row_at(std::int64_t y) const {
    const std::int64_t last = std::int64_t{plane_.height} - 1;
    return plane_.row(static_cast<std::uint32_t>(std::clamp<std::int64_t>(y, 0, last))).data();
  }

  Plane plane_;
  Subsampling subsampling_;
  std::vector<std::int16_t> blended_;
  std::vector<std::int16_t> row_;
};

inline std::uint8_t saturated(std::int32_t value) {
  return static_cast<std::uint8_t>(std::min(std::max(value, 0), 255));
}

/// The factors of JFIF 1.02 x 65,536. Without the promise that its rows do not overlap, GCC gives
/// up on so many.
DARKROOM_VECTORISED void rgb_rows(const std::uint8_t* __restrict luma,
                                  const std::int16_t* __restrict cb_row,
                                  const std::int16_t* __restrict cr_row, std::size_t count,
                                  std::uint8_t* __restrict red, std::uint8_t* __restrict green,
                                  std::uint8_t* __restrict blue) {
  constexpr int shift = factor_bits + chroma_bits;
  constexpr std::int32_t chroma_zero = 128 << chroma_bits;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t grey = (luma[i] << shift) + (1 << (shift - 1));
    const std::int32_t cb = cb_row[i] - chroma_zero;
    const std::int32_t cr = cr_row[i] - chroma_zero;
    red[i] = saturated((grey + 91'881 * cr) >> shift);
    green[i] = saturated((grey - 22'554 * cb - 46'802 * cr) >> shift);
    blue[i] = saturated((grey + 116'130 * cb) >> shift);
  }
}

bool is_common(Subsampling subsampling) {
  const auto common = [](std::uint8_t factor) { return factor == 1 || factor == 2 || factor == 4; };
  return common(subsampling.horizontal) && common(subsampling.vertical);
}

FramePtr ycc_to_rgb(const Frame& frame) {
  if (!is_common(frame.subsampling())) return ycc_to_rgb(*with_subsampling(frame, {1, 1}));
  const std::size_t width = frame.width();
  auto samples = PlaneBuffer::tight(frame.width(), frame.height(), 3);
  ChromaRows cb(frame.plane(1), frame.subsampling());
  ChromaRows cr(frame.plane(2), frame.subsampling());
  std::vector<std::uint8_t> split(3 * width);
  std::uint8_t* const red = split.data();
  std::uint8_t* const green = red + width;
  std::uint8_t* const blue = green + width;
  for (std::uint32_t y = 0; y < frame.height(); ++y) {
    rgb_rows(frame.plane(0).row(y).data(), cb.row(y), cr.row(y), width, red, green, blue);
    fastest_passes().join_bytes({red, green, blue}, width, samples.row(y));
  }
  return std::make_shared<const Frame>(PixelLayout::rgb, std::move(samples));
}

template <std::size_t Alphas>
FramePtr grey_to_rgb(const Frame& frame) {
  constexpr std::size_t step = 3 + Alphas;
  auto samples = PlaneBuffer::tight(frame.width(), frame.height(), step);
  for (std::uint32_t y = 0; y < frame.height(); ++y) {
    const std::uint8_t* from = frame.plane(0).row(y).data();
    std::uint8_t* to = samples.row(y);
    for (std::size_t x = 0; x < frame.width(); ++x) {
      for (std::size_t c = 0; c < 3; ++c) {
        to[x * step + c] = from[x * (1 + Alphas)];
      }
      if (Alphas == 1) to[x * step + 3] = from[x * 2 + 1];
    }
  }
  return std::make_shared<const Frame>(Alphas == 1 ? PixelLayout::rgba : PixelLayout::rgb,
                                       std::move(samples));
}

}  // namespace

FramePtr to_rgb(const Frame& frame) {
  switch (frame.layout()) {
    case PixelLayout::ycc:
      return ycc_to_rgb(frame);
    case PixelLayout::grey:
      return grey_to_rgb<0>(frame);
    case PixelLayout::grey_alpha:
      return grey_to_rgb<1>(frame);
    case PixelLayout::rgb:
    case PixelLayout::rgba:
      break;
  }
  return copy_of(frame);
}

}  // namespace darkroom::imaging
