#include "imaging/pixels/light.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace darkroom::imaging {

double light_of(std::uint8_t encoded) {
  const double value = encoded / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

std::uint8_t encode_light(double light) {
  const double inside = std::clamp(light, 0.0, 1.0);
  const double value =
      inside <= 0.0031308 ? inside * 12.92 : 1.055 * std::pow(inside, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(value * 255));
}

const std::array<std::int16_t, 256>& light_table() {
  static const auto table = [] {
    std::array<std::int16_t, 256> made{};
    for (std::size_t i = 0; i < made.size(); ++i) {
      made.at(i) =
          static_cast<std::int16_t>(std::lround(light_of(static_cast<std::uint8_t>(i)) * wide_one));
    }
    return made;
  }();
  return table;
}

std::uint8_t encoded_light(std::int32_t light) {
  static const auto table = [] {
    std::array<std::uint8_t, wide_one + 1> made{};
    for (std::size_t i = 0; i < made.size(); ++i) {
      made.at(i) = encode_light(static_cast<double>(i) / wide_one);
    }
    return made;
  }();
  return table[static_cast<std::size_t>(light)];
}

}  // namespace darkroom::imaging
