#include "imaging/orientation.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace darkroom::imaging {
namespace {

/// Where the upright picture's pixel (x, y) lies in the stored one: at `origin`, plus `per_x` for
/// each step right and `per_y` for each step down, counted in pixels.
struct Walk {
  std::ptrdiff_t origin;
  std::ptrdiff_t per_x;
  std::ptrdiff_t per_y;
};

Walk walk_for(Orientation orientation, std::ptrdiff_t width, std::ptrdiff_t height) {
  const std::ptrdiff_t right = width - 1;
  const std::ptrdiff_t bottom = (height - 1) * width;
  switch (orientation) {
    case Orientation::normal:
      break;
    case Orientation::mirrored:
      return {right, -1, width};
    case Orientation::rotated_180:
      return {bottom + right, -1, -width};
    case Orientation::flipped:
      return {bottom, 1, -width};
    case Orientation::transposed:
      return {0, width, 1};
    case Orientation::rotated_90:
      return {bottom, -width, 1};
    case Orientation::transversed:
      return {bottom + right, -width, -1};
    case Orientation::rotated_270:
      return {right, width, -1};
  }
  return {0, 1, width};
}

/// Copies tile by tile: a turned picture is read down its columns, and whole columns would leave
/// the cache at each step.
template <std::size_t Channels>
void copy_pixels(const std::uint8_t* from, std::uint8_t* to, std::ptrdiff_t width,
                 std::ptrdiff_t height, const Walk& walk) {
  constexpr std::ptrdiff_t tile = 64;
  constexpr auto pixel = static_cast<std::ptrdiff_t>(Channels);
  for (std::ptrdiff_t top = 0; top < height; top += tile) {
    for (std::ptrdiff_t left = 0; left < width; left += tile) {
      const std::ptrdiff_t columns = std::min(tile, width - left);
      for (std::ptrdiff_t y = top; y < std::min(top + tile, height); ++y) {
        const std::uint8_t* source =
            from + (walk.origin + left * walk.per_x + y * walk.per_y) * pixel;
        std::uint8_t* target = to + (y * width + left) * pixel;
        for (std::ptrdiff_t x = 0; x < columns; ++x) {
          std::copy_n(source + x * walk.per_x * pixel, Channels, target + x * pixel);
        }
      }
    }
  }
}

void copy_turned(const std::uint8_t* from, std::uint8_t* to, std::ptrdiff_t width,
                 std::ptrdiff_t height, PixelLayout layout, const Walk& walk) {
  switch (layout) {
    case PixelLayout::grey:
      return copy_pixels<1>(from, to, width, height, walk);
    case PixelLayout::grey_alpha:
      return copy_pixels<2>(from, to, width, height, walk);
    case PixelLayout::rgb:
      return copy_pixels<3>(from, to, width, height, walk);
    case PixelLayout::rgba:
      return copy_pixels<4>(from, to, width, height, walk);
  }
}

}  // namespace

FramePtr make_upright(std::uint32_t width, std::uint32_t height, PixelLayout layout,
                      std::vector<std::uint8_t> samples, Orientation orientation) {
  if (orientation == Orientation::normal) {
    return std::make_shared<const Frame>(width, height, layout, std::move(samples));
  }
  const Walk walk = walk_for(orientation, width, height);
  if (orientation >= Orientation::transposed) std::swap(width, height);
  std::vector<std::uint8_t> upright(samples.size());
  copy_turned(samples.data(), upright.data(), width, height, layout, walk);
  return std::make_shared<const Frame>(width, height, layout, std::move(upright));
}

}  // namespace darkroom::imaging
