#include "tests/imaging/pixels/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "imaging/pixels/copy.hpp"

namespace darkroom::imaging::testing {

PlaneBuffer photo_plane(std::uint32_t width, std::uint32_t height, std::uint32_t seed) {
  std::mt19937 random(seed);
  const double phase = seed;
  auto plane = PlaneBuffer::tight(width, height, 1);
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const double u = static_cast<double>(x) / std::max(width, height);
      const double v = static_cast<double>(y) / std::max(width, height);
      double value = 120 + 60 * std::sin(5 * u + phase) * std::cos(4 * v - phase);
      for (double frequency = 20; frequency < 700; frequency *= 2.3) {
        value += 150 / std::sqrt(frequency) *
                 std::sin(frequency * (u * std::cos(frequency) + v * std::sin(frequency)) + phase);
      }
      if (std::hypot(u - 0.6, v - 0.4) < 0.2) value = 255 - value;
      if (u + 0.3 * v > 0.8) value -= 70;
      value += static_cast<double>(random() % 9) - 4;
      plane.row(y)[x] = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
    }
  }
  return plane;
}

FramePtr noise(Size size, PixelLayout layout, std::uint32_t seed, Subsampling subsampling) {
  std::mt19937 random(seed);
  if (layout != PixelLayout::ycc) subsampling = {};
  auto planes = planes_for(layout, size, subsampling);
  for (PlaneBuffer& plane : planes) {
    for (std::uint32_t y = 0; y < plane.height(); ++y) {
      std::generate_n(plane.row(y), plane.view().row(y).size(),
                      [&] { return static_cast<std::uint8_t>(random() >> 24); });
    }
  }
  return frame_of(layout, subsampling, std::move(planes));
}

FramePtr photo(Size size, PixelLayout layout, Subsampling subsampling) {
  if (layout == PixelLayout::ycc) {
    const Size chroma = chroma_size(size, subsampling);
    return frame_of(
        layout, subsampling,
        {photo_plane(size.width, size.height, 1), photo_plane(chroma.width, chroma.height, 2),
         photo_plane(chroma.width, chroma.height, 3)});
  }
  const std::uint32_t step = channels(layout);
  auto planes = planes_for(layout, size);
  for (std::uint32_t channel = 0; channel < step; ++channel) {
    const PlaneBuffer plane = photo_plane(size.width, size.height, channel + 1);
    for (std::uint32_t y = 0; y < size.height; ++y) {
      for (std::uint32_t x = 0; x < size.width; ++x) {
        planes[0].row(y)[std::size_t{x} * step + channel] = plane.view().row(y)[x];
      }
    }
  }
  return frame_of(layout, {}, std::move(planes));
}

FramePtr flat(Size size, PixelLayout layout, const std::vector<std::uint8_t>& pixel,
              Subsampling subsampling) {
  if (layout != PixelLayout::ycc) subsampling = {};
  auto planes = planes_for(layout, size, subsampling);
  for (std::size_t i = 0; i < planes.size(); ++i) {
    for (std::uint32_t y = 0; y < planes.at(i).height(); ++y) {
      const std::size_t count = planes.at(i).view().row(y).size();
      for (std::size_t k = 0; k < count; ++k) {
        planes.at(i).row(y)[k] =
            layout == PixelLayout::ycc ? pixel.at(i) : pixel[k % channels(layout)];
      }
    }
  }
  return frame_of(layout, subsampling, std::move(planes));
}

}  // namespace darkroom::imaging::testing
