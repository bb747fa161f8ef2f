#include "imaging/pixels/blurhash.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string_view>
#include <vector>

#include "imaging/pixels/flatten.hpp"
#include "imaging/pixels/light.hpp"
#include "imaging/pixels/ycc.hpp"

namespace darkroom::imaging {
namespace {

using Light = std::array<double, 3>;

/// The most significant digit comes first.
void append_base83(std::string& text, int value, int digits) {
  static constexpr std::string_view alphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
  static_assert(alphabet.size() == 83);
  int divisor = 1;
  for (int i = 1; i < digits; ++i) {
    divisor *= 83;
  }
  for (; divisor > 0; divisor /= 83) {
    text += alphabet[static_cast<std::size_t>(value / divisor % 83)];
  }
}

/// cos(pi k i / length) for all samples i and components k.
std::vector<double> cosines(std::uint32_t length, std::size_t components) {
  std::vector<double> table;
  table.reserve(length * components);
  for (std::uint32_t i = 0; i < length; ++i) {
    for (std::size_t k = 0; k < components; ++k) {
      table.push_back(std::cos(std::numbers::pi * static_cast<double>(k) * i / length));
    }
  }
  return table;
}

/// The cosine transform of the picture's light, row by row of components; the first is the mean.
std::vector<Light> transform(const Frame& rgb, std::size_t across, std::size_t down) {
  std::array<double, 256> light{};
  for (std::size_t i = 0; i < light.size(); ++i) {
    light.at(i) = light_of(static_cast<std::uint8_t>(i));
  }
  const auto by_column = cosines(rgb.width(), across);
  const auto by_row = cosines(rgb.height(), down);
  std::vector<Light> components(across * down);
  std::vector<Light> row_sums(across);
  for (std::uint32_t y = 0; y < rgb.height(); ++y) {
    std::ranges::fill(row_sums, Light{});
    const auto row = rgb.plane(0).row(y);
    for (std::size_t x = 0; x < rgb.width(); ++x) {
      for (std::size_t i = 0; i < across; ++i) {
        for (std::size_t c = 0; c < 3; ++c) {
          row_sums[i][c] += by_column[x * across + i] * light[row[3 * x + c]];
        }
      }
    }
    for (std::size_t k = 0; k < components.size(); ++k) {
      for (std::size_t c = 0; c < 3; ++c) {
        components[k][c] += by_row[y * down + k / across] * row_sums[k % across][c];
      }
    }
  }
  const double pixels = static_cast<double>(rgb.width()) * rgb.height();
  for (std::size_t k = 0; k < components.size(); ++k) {
    for (double& value : components[k]) {
      value *= (k == 0 ? 1 : 2) / pixels;
    }
  }
  return components;
}

int quantised(double value, double largest) {
  const double part = value / largest;
  const double root = std::copysign(std::sqrt(std::abs(part)), part);
  return std::clamp(static_cast<int>(std::floor(root * 9 + 9.5)), 0, 18);
}

/// Appends the largest value of all but the mean, the mean, and the others as parts of the largest.
void append_components(std::string& text, const std::vector<Light>& components) {
  double largest = 0;
  for (std::size_t k = 1; k < components.size(); ++k) {
    for (const double value : components[k]) {
      largest = std::max(largest, std::abs(value));
    }
  }
  const bool alone = components.size() == 1;
  const int steps =
      alone ? 0 : std::clamp(static_cast<int>(std::floor(largest * 166 - 0.5)), 0, 82);
  append_base83(text, steps, 1);
  const Light& mean = components.front();
  append_base83(
      text, encode_light(mean[0]) << 16 | encode_light(mean[1]) << 8 | encode_light(mean[2]), 4);
  const double scale = (steps + 1) / 166.0;
  for (std::size_t k = 1; k < components.size(); ++k) {
    const Light& light = components[k];
    const int value = (quantised(light[0], scale) * 19 + quantised(light[1], scale)) * 19 +
                      quantised(light[2], scale);
    append_base83(text, value, 2);
  }
}

}  // namespace

std::string blurhash(const Frame& thumbnail, int x_components, int y_components) {
  FramePtr rgb =
      has_alpha(thumbnail.layout()) ? flatten(thumbnail, jobs::Colour::white()) : to_rgb(thumbnail);
  if (rgb->layout() == PixelLayout::grey) rgb = to_rgb(*rgb);
  std::string text;
  append_base83(text, x_components - 1 + (y_components - 1) * 9, 1);
  append_components(text, transform(*rgb, static_cast<std::size_t>(x_components),
                                    static_cast<std::size_t>(y_components)));
  return text;
}

}  // namespace darkroom::imaging
