#include "tools/synthetic_photo.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace darkroom::tools {
namespace {

constexpr int octaves = 9;
constexpr double coarsest_cell = 512;  // Pixels.

/// A fixed number in 0..1 for each grid point: an integer hash that mixes all bits.
double lattice(std::uint32_t x, std::uint32_t y, std::uint32_t seed) {
  std::uint32_t hash = x * 0x9E37'79B1U ^ y * 0x85EB'CA77U ^ seed * 0xC2B2'AE3DU;
  hash = (hash ^ (hash >> 15U)) * 0x2C1B'3C6DU;
  hash = (hash ^ (hash >> 12U)) * 0x297A'2D39U;
  hash ^= hash >> 15U;
  return hash / 4'294'967'295.0;
}

double smooth(double t) {
  return t * t * (3 - 2 * t);
}

/// Value noise: grid points joined smoothly.
double noise(double x, double y, std::uint32_t seed) {
  const auto left = static_cast<std::uint32_t>(x);
  const auto top = static_cast<std::uint32_t>(y);
  const double u = smooth(x - left);
  const double v = smooth(y - top);
  const double upper = lattice(left, top, seed) * (1 - u) + lattice(left + 1, top, seed) * u;
  const double lower =
      lattice(left, top + 1, seed) * (1 - u) + lattice(left + 1, top + 1, seed) * u;
  return upper * (1 - v) + lower * v;
}

/// Octaves of noise, each weaker than the one before, so that a file is as large as a photograph's.
/// About 0..1.
double fractal(double x, double y, std::uint32_t seed) {
  double sum = 0;
  constexpr double falloff = 0.78;
  double strength = 1 - falloff;
  double cell = coarsest_cell;
  for (int octave = 0; octave < octaves; ++octave) {
    sum += strength * noise(x / cell, y / cell, seed + static_cast<std::uint32_t>(octave));
    strength *= falloff;
    cell /= 2;
  }
  return sum;
}

}  // namespace

imaging::FramePtr synthetic_photo(std::uint32_t width, std::uint32_t height) {
  std::vector<std::uint8_t> samples;
  samples.reserve(std::size_t{width} * height * 3);
  constexpr std::uint32_t light_seed = 1;
  constexpr std::uint32_t shape_seed = 100;
  constexpr std::array<std::uint32_t, 3> tint_seeds{200, 300, 400};
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      // Objects: where a slow noise crosses its middle, the light jumps.
      const bool object = noise(x / coarsest_cell, y / coarsest_cell, shape_seed) > 0.5;
      const double light = 200 * fractal(x, y, light_seed) + (object ? 60 : 0);
      for (const std::uint32_t seed : tint_seeds) {
        const double tint = 80 * (noise(x / coarsest_cell, y / coarsest_cell, seed) - 0.5);
        samples.push_back(static_cast<std::uint8_t>(std::clamp(light + tint, 0.0, 255.0)));
      }
    }
  }
  return std::make_shared<const imaging::Frame>(width, height, imaging::PixelLayout::rgb,
                                                std::move(samples));
}

}  // namespace darkroom::tools
