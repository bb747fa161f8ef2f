#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace darkroom::persistence {

/// The number's bytes, the highest first, so that their order is the order of the numbers.
[[nodiscard]] constexpr std::array<std::uint8_t, 8> big_endian(std::uint64_t number) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes.at(i) = static_cast<std::uint8_t>(number >> (56 - 8 * i));
  }
  return bytes;
}

}  // namespace darkroom::persistence
