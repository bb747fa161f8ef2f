#include "imaging/pixels/flatten.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "imaging/pixels/copy.hpp"
#include "imaging/pixels/vectorised.hpp"

namespace darkroom::imaging {
namespace {

inline std::uint8_t over(std::uint32_t colour, std::uint32_t alpha, std::uint32_t background) {
  return static_cast<std::uint8_t>((colour * alpha + background * (255U - alpha) + 127U) / 255U);
}

/// `Colours`: colour samples of a pixel, before its alpha. `Out`: of a flat pixel.
template <std::size_t Colours, std::size_t Out>
DARKROOM_VECTORISED void flatten_row(const std::uint8_t* __restrict from, std::size_t pixels,
                                     std::array<std::uint32_t, 3> below,
                                     std::uint8_t* __restrict to) {
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::uint8_t* pixel = from + i * (Colours + 1);
    for (std::size_t c = 0; c < Out; ++c) {
      to[i * Out + c] = over(pixel[Colours == 3 ? c : 0], pixel[Colours], below[c]);
    }
  }
}

template <std::size_t Colours>
DARKROOM_VECTORISED void drop_alpha_row(const std::uint8_t* from, std::size_t pixels,
                                        std::uint8_t* to) {
  for (std::size_t i = 0; i < pixels; ++i) {
    for (std::size_t c = 0; c < Colours; ++c) {
      to[i * Colours + c] = from[i * (Colours + 1) + c];
    }
  }
}

/// 255 where all alphas are 255, whatever the number of samples.
template <std::size_t Step>
DARKROOM_VECTORISED std::uint8_t all_of_alpha(const std::uint8_t* samples, std::size_t pixels) {
  std::uint8_t all = 255;
  for (std::size_t i = 0; i < pixels; ++i) {
    all = static_cast<std::uint8_t>(all & samples[i * Step + Step - 1]);
  }
  return all;
}

}  // namespace

FramePtr flatten(const Frame& frame, jobs::Colour background) {
  if (!has_alpha(frame.layout())) return copy_of(frame);
  const bool grey_background =
      background.red == background.green && background.green == background.blue;
  const bool grey = frame.layout() == PixelLayout::grey_alpha;
  const PixelLayout layout = grey && grey_background ? PixelLayout::grey : PixelLayout::rgb;
  const std::array<std::uint32_t, 3> below{background.red, background.green, background.blue};
  auto flat = PlaneBuffer::tight(frame.width(), frame.height(), channels(layout));
  const auto row = !grey                         ? flatten_row<3, 3>
                   : layout == PixelLayout::grey ? flatten_row<1, 1>
                                                 : flatten_row<1, 3>;
  for (std::uint32_t y = 0; y < frame.height(); ++y) {
    row(frame.plane(0).row(y).data(), frame.width(), below, flat.row(y));
  }
  return std::make_shared<const Frame>(layout, std::move(flat));
}

bool is_opaque(std::span<const std::uint8_t> samples, PixelLayout layout) {
  const std::size_t step = channels(layout);
  const std::size_t pixels = samples.size() / step;
  // A stretch at a time, so that a transparent corner ends the search.
  constexpr std::size_t stretch = 4096;
  for (std::size_t begin = 0; begin < pixels; begin += stretch) {
    const std::size_t count = std::min(stretch, pixels - begin);
    const std::uint8_t* at = samples.data() + begin * step;
    if ((step == 2 ? all_of_alpha<2>(at, count) : all_of_alpha<4>(at, count)) != 255) return false;
  }
  return true;
}

FramePtr drop_alpha(const Frame& frame) {
  const PixelLayout layout = without_alpha(frame.layout());
  auto kept = PlaneBuffer::tight(frame.width(), frame.height(), channels(layout));
  const auto row = layout == PixelLayout::grey ? drop_alpha_row<1> : drop_alpha_row<3>;
  for (std::uint32_t y = 0; y < frame.height(); ++y) {
    row(frame.plane(0).row(y).data(), frame.width(), kept.row(y));
  }
  return std::make_shared<const Frame>(layout, std::move(kept));
}

}  // namespace darkroom::imaging
