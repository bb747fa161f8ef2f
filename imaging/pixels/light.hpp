#pragma once

#include <array>
#include <cstdint>

namespace darkroom::imaging {

/// Full light in the whole numbers that light is counted in here.
inline constexpr std::int32_t wide_one = 25'500;

/// Light of each sRGB value (IEC 61966-2-1), 0 to 1.
[[nodiscard]] double light_of(std::uint8_t encoded);

/// Light of each sRGB value, 0 to wide_one.
[[nodiscard]] const std::array<std::int16_t, 256>& light_table();

/// The sRGB value nearest to a light of 0 to wide_one.
[[nodiscard]] std::uint8_t encoded_light(std::int32_t light);

/// The sRGB value nearest to a light; saturates outside 0 to 1.
[[nodiscard]] std::uint8_t encode_light(double light);

}  // namespace darkroom::imaging
