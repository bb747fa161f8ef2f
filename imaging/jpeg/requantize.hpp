#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace darkroom::imaging {

/// Quotients of quantisation steps, old / new, from 0 to 1, as multiples of 1/32768.
using RequantizationFactors = std::array<std::int16_t, 64>;

/// `to` must be no finer than `from` in any entry.
[[nodiscard]] RequantizationFactors requantization_factors(
    const std::array<std::uint16_t, 64>& from, const std::array<std::uint16_t, 64>& to);

/// Multiplies blocks of 64 coefficients, rounding to nearest, halves away from zero. What lies
/// outside of the range of 8-bit baseline coefficients (T.81, F.1.2.1 and F.1.2.2: 11 bits for
/// differences of DC, 10 for AC), as a damaged file can have it, is brought to its ends.
void requantize(const std::int16_t* from, std::int16_t* to, std::size_t blocks,
                const RequantizationFactors& factors);

}  // namespace darkroom::imaging
