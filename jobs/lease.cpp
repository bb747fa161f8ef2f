#include "jobs/lease.hpp"

#include <array>
#include <bit>
#include <cstdint>

#include "jobs/random.hpp"

namespace darkroom::jobs {

LeaseToken LeaseToken::generate() {
  std::array<std::uint8_t, 2 * sizeof(std::uint64_t)> bytes{};
  fill_random(bytes);
  const auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(bytes);
  return {.high = halves[0], .low = halves[1]};
}

}  // namespace darkroom::jobs
