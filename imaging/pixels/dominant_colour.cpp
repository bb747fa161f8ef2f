#include "imaging/pixels/dominant_colour.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "imaging/pixels/ycc.hpp"

namespace darkroom::imaging {
namespace {

struct Cell {
  std::uint64_t pixels = 0;
  std::uint64_t red = 0;
  std::uint64_t green = 0;
  std::uint64_t blue = 0;
};

constexpr int cell_bits = 4;

}  // namespace

jobs::Colour dominant_colour(const Frame& frame) {
  const FramePtr rgb = to_rgb(frame);
  const auto samples = rgb->samples();
  const std::size_t step = channels(rgb->layout());
  std::vector<Cell> cells(std::size_t{1} << (3 * cell_bits));
  for (std::size_t i = 0; i < samples.size(); i += step) {
    if (step == 4 && samples[i + 3] < 128) continue;
    const int index = samples[i] >> cell_bits << (2 * cell_bits) |
                      samples[i + 1] >> cell_bits << cell_bits | samples[i + 2] >> cell_bits;
    Cell& cell = cells[static_cast<std::size_t>(index)];
    ++cell.pixels;
    cell.red += samples[i];
    cell.green += samples[i + 1];
    cell.blue += samples[i + 2];
  }
  const Cell& fullest = *std::ranges::max_element(cells, {}, &Cell::pixels);
  if (fullest.pixels == 0) return jobs::Colour::white();
  const auto mean = [&](std::uint64_t sum) {
    return static_cast<std::uint8_t>((sum + fullest.pixels / 2) / fullest.pixels);
  };
  return {mean(fullest.red), mean(fullest.green), mean(fullest.blue)};
}

}  // namespace darkroom::imaging
