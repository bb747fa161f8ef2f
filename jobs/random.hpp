#pragma once

#include <cstdint>
#include <span>

namespace darkroom::jobs {

/// Fills `out` from the kernel's random numbers (getrandom). Thread-safe; throws
/// std::system_error where the kernel has none, which no supported system does.
void fill_random(std::span<std::uint8_t> out);

/// 64 bits of the same.
[[nodiscard]] std::uint64_t random_u64();

/// The same as a number in [0, 1).
[[nodiscard]] double random_fraction();

}  // namespace darkroom::jobs
