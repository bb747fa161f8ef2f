#include "tests/imaging/pixels/reference_resample.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace darkroom::imaging::testing {
namespace {

double lanczos3(double x) {
  if (x == 0) return 1;
  if (std::abs(x) >= 3) return 0;
  const double angle = std::numbers::pi * x;
  return 3 * std::sin(angle) * std::sin(angle / 3) / (angle * angle);
}

/// What one output sample is made of.
struct Weights {
  std::vector<double> of_samples;
  std::uint32_t first = 0;  ///< Before this one and from `end` on all weights are 0.
  std::uint32_t end = 0;
};

/// One for each output.
std::vector<Weights> weights_of(std::uint32_t samples, double begin, double length,
                                std::uint32_t count) {
  const double scale = length / count;
  const double stretch = std::max(1.0, scale);
  std::vector<Weights> all(count, {std::vector<double>(samples), samples, 0});
  for (std::uint32_t i = 0; i < count; ++i) {
    const double centre = begin + (i + 0.5) * scale;
    const auto low = static_cast<int>(std::floor(centre - 3 * stretch)) - 1;
    const auto high = static_cast<int>(std::ceil(centre + 3 * stretch)) + 1;
    double total = 0;
    for (int sample = low; sample <= high; ++sample) {
      int index = sample;
      while (index < 0 || index >= static_cast<int>(samples)) {
        index = index < 0 ? -1 - index : 2 * static_cast<int>(samples) - 1 - index;
      }
      const double weight = lanczos3((sample + 0.5 - centre) / stretch);
      const auto at = static_cast<std::uint32_t>(index);
      all[i].of_samples[at] += weight;
      all[i].first = std::min(all[i].first, at);
      all[i].end = std::max(all[i].end, at + 1);
      total += weight;
    }
    for (double& weight : all[i].of_samples) {
      weight /= total;
    }
  }
  return all;
}

}  // namespace

std::vector<double> reference_values(const Plane& source, const Region& region, Size size) {
  const auto across = weights_of(source.width, region.left, region.width, size.width);
  const auto down = weights_of(source.height, region.top, region.height, size.height);
  const std::size_t columns = std::size_t{size.width} * source.channels;
  std::vector<double> narrow(columns * source.height);
  for (std::uint32_t y = 0; y < source.height; ++y) {
    for (std::size_t i = 0; i < columns; ++i) {
      const Weights& weights = across[i / source.channels];
      for (std::uint32_t x = weights.first; x < weights.end; ++x) {
        narrow[y * columns + i] +=
            weights.of_samples[x] * source.row(y)[x * source.channels + i % source.channels];
      }
    }
  }
  std::vector<double> values(columns * size.height);
  for (std::uint32_t y = 0; y < size.height; ++y) {
    for (std::uint32_t row = down[y].first; row < down[y].end; ++row) {
      for (std::size_t i = 0; i < columns; ++i) {
        values[y * columns + i] += down[y].of_samples[row] * narrow[row * columns + i];
      }
    }
  }
  return values;
}

PlaneBuffer reference_resample(const Plane& source, const Region& region, Size size) {
  const auto values = reference_values(source, region, size);
  auto out = PlaneBuffer::tight(size.width, size.height, source.channels);
  std::ranges::transform(values, out.row(0), [](double value) {
    return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
  });
  return out;
}

}  // namespace darkroom::imaging::testing
