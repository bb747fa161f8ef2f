#include "imaging/jpeg/requantize.hpp"

#include <algorithm>

#include "imaging/pixels/vectorised.hpp"

namespace darkroom::imaging {
namespace {

constexpr int unit_bits = 15;
constexpr int unit = 1 << unit_bits;
constexpr std::int16_t most = 1023;
constexpr std::int16_t least_dc = -1024;

}  // namespace

RequantizationFactors requantization_factors(const std::array<std::uint16_t, 64>& from,
                                             const std::array<std::uint16_t, 64>& to) {
  RequantizationFactors factors{};
  for (std::size_t i = 0; i < factors.size(); ++i) {
    // Rounded up, so that an exact half stays one. A factor of 1 is unit - 1, which leaves
    // coefficients as they are all the same: x - x / unit rounds to x.
    const std::int64_t quotient =
        (std::int64_t{from[i]} * unit + to[i] - 1) / std::max<std::int64_t>(to[i], 1);
    factors[i] = static_cast<std::int16_t>(std::clamp<std::int64_t>(quotient, 0, unit - 1));
  }
  return factors;
}

DARKROOM_VECTORISED void requantize(const std::int16_t* __restrict from,
                                    std::int16_t* __restrict to, std::size_t blocks,
                                    const RequantizationFactors& factors) {
  const std::int16_t* __restrict by = factors.data();
  for (std::size_t block = 0; block < blocks; ++block, from += 64, to += 64) {
    // The coefficients of a whole picture come from memory, and too little is done to each for the
    // hardware's own look-ahead.
    constexpr std::size_t ahead = 1024;
    __builtin_prefetch(from + ahead);
    __builtin_prefetch(from + ahead + 32);
    for (std::size_t i = 0; i < 64; ++i) {
      const std::int16_t value = std::max<std::int16_t>(from[i], -32767);
      const auto magnitude = static_cast<std::int16_t>(value < 0 ? -value : value);
      const auto product =
          static_cast<std::int16_t>((((magnitude * by[i]) >> (unit_bits - 1)) + 1) >> 1);
      const std::int16_t bounded = std::min(product, most);
      to[i] = static_cast<std::int16_t>(value < 0 ? -bounded : bounded);
    }
    // The one value of 11 bits: a block all black at the finest step.
    const bool blackest = from[0] <= least_dc && by[0] == unit - 1;
    if (blackest) to[0] = least_dc;
  }
}

}  // namespace darkroom::imaging
