#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// The members of RowPasses of the same names, by shuffling bytes in registers. They run on CPUs
/// with AVX2 only, and are defined for x86-64 only.
namespace darkroom::imaging::shuffle {

void split_words(const std::int16_t* interleaved, std::size_t pixels,
                 const std::array<std::int16_t*, 3>& rows);
void split_bytes(const std::uint8_t* interleaved, std::size_t pixels,
                 const std::array<std::uint8_t*, 3>& rows);
void join_bytes(const std::array<const std::uint8_t*, 3>& rows, std::size_t pixels,
                std::uint8_t* interleaved);

}  // namespace darkroom::imaging::shuffle
