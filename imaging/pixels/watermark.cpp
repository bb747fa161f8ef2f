#include "imaging/pixels/watermark.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "imaging/pixels/copy.hpp"
#include "imaging/pixels/ycc.hpp"

namespace darkroom::imaging {
namespace {

/// Alpha is counted in 1 / full: 255 steps of the mark's times 256 of the opacity.
constexpr std::uint32_t opacity_steps = 256;
constexpr std::uint32_t full = 255 * opacity_steps;

bool is_grey(const Frame& frame) {
  return frame.layout() == PixelLayout::grey || frame.layout() == PixelLayout::grey_alpha;
}

/// The mark's pixels in the frame's coordinates.
class Mark {
 public:
  Mark(const Frame& mark, Offset offset, double opacity)
      : mark_(mark),
        offset_(offset),
        step_(channels(mark.layout())),
        opacity_(static_cast<std::uint32_t>(std::lround(opacity * opacity_steps))) {}

  /// The part of an axis of `length` pixels that the mark covers.
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> columns(std::uint32_t length) const {
    return covered(offset_.x, mark_.width(), length);
  }
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> rows(std::uint32_t length) const {
    return covered(offset_.y, mark_.height(), length);
  }
  [[nodiscard]] const std::uint8_t* pixel(std::uint32_t x, std::uint32_t y) const {
    const auto column = static_cast<std::size_t>(std::int64_t{x} - offset_.x);
    const auto row = static_cast<std::uint32_t>(std::int64_t{y} - offset_.y);
    return mark_.plane(0).row(row).data() + column * step_;
  }
  [[nodiscard]] std::uint32_t alpha(const std::uint8_t* pixel) const {
    return opacity_ * (has_alpha(mark_.layout()) ? pixel[step_ - 1] : 255U);
  }
  [[nodiscard]] std::array<std::uint8_t, 3> ycc(const std::uint8_t* pixel) const {
    return ycc_of({pixel[0], pixel[1], pixel[2]});
  }

 private:
  static std::pair<std::uint32_t, std::uint32_t> covered(std::int64_t begin, std::int64_t count,
                                                         std::int64_t length) {
    return {static_cast<std::uint32_t>(std::clamp<std::int64_t>(begin, 0, length)),
            static_cast<std::uint32_t>(std::clamp<std::int64_t>(begin + count, 0, length))};
  }

  const Frame& mark_;
  Offset offset_;
  std::size_t step_;
  std::uint32_t opacity_;
};

std::uint8_t mixed(std::uint32_t below, std::uint32_t above, std::uint32_t alpha) {
  return static_cast<std::uint8_t>((below * (full - alpha) + above * alpha + full / 2) / full);
}

/// Over a pixel that is transparent itself (Porter and Duff, "over", on straight alpha).
void mix_with_alpha(std::uint8_t* below, const std::uint8_t* above, std::size_t colours,
                    std::uint32_t alpha) {
  const std::uint32_t above_weight = 255 * alpha;
  const std::uint32_t below_weight = below[colours] * (full - alpha);
  const std::uint32_t sum = above_weight + below_weight;
  for (std::size_t c = 0; c < colours; ++c) {
    const std::uint64_t value =
        std::uint64_t{below[c]} * below_weight + std::uint64_t{above[c]} * above_weight;
    below[c] = static_cast<std::uint8_t>((value + sum / 2) / sum);
  }
  below[colours] = static_cast<std::uint8_t>((sum + full / 2) / full);
}

FramePtr over_interleaved(const Frame& frame, const Mark& mark) {
  auto planes = copied_planes(frame);
  const std::size_t step = channels(frame.layout());
  const bool transparent = has_alpha(frame.layout());
  const std::size_t colours = transparent ? step - 1 : step;
  const auto [left, right] = mark.columns(frame.width());
  const auto [top, bottom] = mark.rows(frame.height());
  for (std::uint32_t y = top; y < bottom; ++y) {
    for (std::uint32_t x = left; x < right; ++x) {
      const std::uint8_t* above = mark.pixel(x, y);
      const std::uint32_t alpha = mark.alpha(above);
      if (alpha == 0) continue;
      std::uint8_t* const below = planes[0].row(y) + x * step;
      if (transparent) {
        mix_with_alpha(below, above, colours, alpha);
        continue;
      }
      for (std::size_t c = 0; c < colours; ++c) {
        below[c] = mixed(below[c], above[c], alpha);
      }
    }
  }
  return frame_of(frame.layout(), {}, std::move(planes));
}

/// Sums over the pixels that a chroma sample covers.
struct ChromaSum {
  std::uint64_t cb = 0;
  std::uint64_t cr = 0;
  std::uint64_t alpha = 0;
};

ChromaSum chroma_sum(const Mark& mark, const Frame& frame, std::uint32_t i, std::uint32_t j) {
  const auto [across, down] = frame.subsampling();
  const auto [left, right] = mark.columns(frame.width());
  const auto [top, bottom] = mark.rows(frame.height());
  ChromaSum sum;
  for (std::uint32_t y = std::max(j * down, top); y < std::min((j + 1) * down, bottom); ++y) {
    for (std::uint32_t x = std::max(i * across, left); x < std::min((i + 1) * across, right); ++x) {
      const std::uint8_t* pixel = mark.pixel(x, y);
      const std::uint32_t alpha = mark.alpha(pixel);
      const auto colour = mark.ycc(pixel);
      sum.cb += std::uint64_t{alpha} * colour[1];
      sum.cr += std::uint64_t{alpha} * colour[2];
      sum.alpha += alpha;
    }
  }
  return sum;
}

void mix_chroma(const Frame& frame, const Mark& mark, std::array<PlaneBuffer, 3>& planes) {
  const std::uint32_t across = frame.subsampling().horizontal;
  const std::uint32_t down = frame.subsampling().vertical;
  const auto [left, right] = mark.columns(frame.width());
  const auto [top, bottom] = mark.rows(frame.height());
  for (std::uint32_t j = top / down; j * down < bottom; ++j) {
    const std::uint32_t rows = std::min((j + 1) * down, frame.height()) - j * down;
    for (std::uint32_t i = left / across; i * across < right; ++i) {
      const std::uint32_t columns = std::min((i + 1) * across, frame.width()) - i * across;
      const ChromaSum sum = chroma_sum(mark, frame, i, j);
      const std::uint64_t all = std::uint64_t{full} * rows * columns;
      const auto mix = [&](std::uint8_t& sample, std::uint64_t above) {
        sample = static_cast<std::uint8_t>((sample * (all - sum.alpha) + above + all / 2) / all);
      };
      mix(planes[1].row(j)[i], sum.cb);
      mix(planes[2].row(j)[i], sum.cr);
    }
  }
}

FramePtr over_ycc(const Frame& frame, const Mark& mark) {
  auto planes = copied_planes(frame);
  const auto [left, right] = mark.columns(frame.width());
  const auto [top, bottom] = mark.rows(frame.height());
  for (std::uint32_t y = top; y < bottom; ++y) {
    for (std::uint32_t x = left; x < right; ++x) {
      const std::uint8_t* pixel = mark.pixel(x, y);
      std::uint8_t& luma = planes[0].row(y)[x];
      luma = mixed(luma, mark.ycc(pixel)[0], mark.alpha(pixel));
    }
  }
  if (left < right && top < bottom) mix_chroma(frame, mark, planes);
  return frame_of(PixelLayout::ycc, frame.subsampling(), std::move(planes));
}

}  // namespace

FramePtr lay_over(const Frame& frame, const Frame& mark, Offset offset, double opacity) {
  if (is_grey(frame) && is_grey(mark)) return over_interleaved(frame, {mark, offset, opacity});
  const FramePtr coloured = to_rgb(mark);
  const Mark placed(*coloured, offset, opacity);
  if (frame.layout() == PixelLayout::ycc) return over_ycc(frame, placed);
  if (is_grey(frame)) return over_interleaved(*to_rgb(frame), placed);
  return over_interleaved(frame, placed);
}

}  // namespace darkroom::imaging
