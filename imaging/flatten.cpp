#include "imaging/flatten.hpp"

#include <cstddef>

namespace darkroom::imaging {

std::vector<std::uint8_t> flatten_on_white(const Frame& frame) {
  const auto samples = frame.samples();
  const std::size_t step = channels(frame.layout());
  const std::size_t colours = step - 1;
  std::vector<std::uint8_t> flat(samples.size() / step * colours);
  std::size_t out = 0;
  for (std::size_t pixel = 0; pixel < samples.size(); pixel += step) {
    const std::uint32_t alpha = samples[pixel + colours];
    const std::uint32_t white = 255U * (255U - alpha);
    for (std::size_t c = 0; c < colours; ++c) {
      flat[out++] = static_cast<std::uint8_t>((samples[pixel + c] * alpha + white + 127U) / 255U);
    }
  }
  return flat;
}

bool is_opaque(std::span<const std::uint8_t> samples, PixelLayout layout) {
  const std::size_t step = channels(layout);
  for (std::size_t alpha = step - 1; alpha < samples.size(); alpha += step) {
    if (samples[alpha] != 255) return false;
  }
  return true;
}

std::vector<std::uint8_t> drop_alpha(std::span<const std::uint8_t> samples, PixelLayout layout) {
  const std::size_t step = channels(layout);
  std::vector<std::uint8_t> colours(samples.size() / step * (step - 1));
  std::size_t out = 0;
  for (std::size_t pixel = 0; pixel < samples.size(); pixel += step) {
    for (std::size_t c = 0; c + 1 < step; ++c)
      colours[out++] = samples[pixel + c];
  }
  return colours;
}

}  // namespace darkroom::imaging
