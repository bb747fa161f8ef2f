#include "tests/imaging/sample_frames.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace darkroom::imaging::testing {

FramePtr quadrants(std::uint32_t width, std::uint32_t height) {
  std::vector<std::uint8_t> samples;
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const bool right = x >= width / 2;
      const bool bottom = y >= height / 2;
      const Colour& colour = bottom ? (right ? yellow : blue) : (right ? green : red);
      samples.insert(samples.end(), colour.begin(), colour.end());
    }
  }
  return std::make_shared<const Frame>(width, height, PixelLayout::rgb, samples);
}

FramePtr picture(std::uint32_t width, std::uint32_t height, PixelLayout layout) {
  std::vector<std::uint8_t> samples;
  const std::uint32_t step = channels(layout);
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const double u = static_cast<double>(x) / width;
      const double v = static_cast<double>(y) / height;
      const double edge = (u > 0.4) != (v > 0.7) ? 40.0 : 0.0;
      for (std::uint32_t c = 0; c < step; ++c) {
        const bool alpha = has_alpha(layout) && c + 1 == step;
        const double wave = 100 + edge + 80 * std::sin(6 * u + 4 * v * (c + 1) + c);
        samples.push_back(static_cast<std::uint8_t>(alpha ? 255 * u : wave));
      }
    }
  }
  return std::make_shared<const Frame>(width, height, layout, samples);
}

FramePtr plain(std::uint32_t width, std::uint32_t height, PixelLayout layout,
               const std::vector<std::uint8_t>& samples) {
  std::vector<std::uint8_t> all;
  for (std::uint32_t i = 0; i < width * height; ++i) {
    all.insert(all.end(), samples.begin(), samples.end());
  }
  return std::make_shared<const Frame>(width, height, layout, all);
}

std::vector<std::uint8_t> pixel(const Frame& frame, std::uint32_t x, std::uint32_t y) {
  const std::size_t step = channels(frame.layout());
  const auto samples = frame.samples().subspan((std::size_t{y} * frame.width() + x) * step, step);
  return {samples.begin(), samples.end()};
}

Colour colour_at(const Frame& frame, std::uint32_t x, std::uint32_t y) {
  const auto samples = pixel(frame, x, y);
  return {samples.at(0), samples.at(1), samples.at(2)};
}

int distance(const Colour& a, const Colour& b) {
  int largest = 0;
  for (std::size_t c = 0; c < a.size(); ++c) {
    largest = std::max(largest, std::abs(int{a[c]} - int{b[c]}));
  }
  return largest;
}

double mean_difference(const Frame& a, const Frame& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.samples().size(); ++i) {
    sum += std::abs(int{a.samples()[i]} - int{b.samples()[i]});
  }
  return sum / static_cast<double>(a.samples().size());
}

tl::expected<FramePtr, Error> stb_decoded(std::span<const std::byte> file, const Limits& limits) {
  return stb_backend().decode(file, limits).map([](const Picture& picture) {
    return picture.frame;
  });
}

EncodedImage jpeg_of(const Frame& frame, int quality) {
  return stb_backend()
      .encode(frame, {.format = jobs::OutputFormat::jpeg, .quality = quality})
      .value();
}

EncodedImage png_of(const Frame& frame) {
  return stb_backend().encode(frame, {.format = jobs::OutputFormat::png}).value();
}

}  // namespace darkroom::imaging::testing
