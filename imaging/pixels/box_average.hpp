#pragma once

#include <cstddef>
#include <cstdint>

namespace darkroom::imaging {

/// sums[i] += from[i]
void add_bytes(const std::uint8_t* from, std::size_t count, std::uint16_t* sums);

/// Means of blocks of a row in 1/16 of a step. `sums` holds `samples` columns, each the sum of
/// `rows` samples, 1 to 4; each output is the mean of `across` columns, 1 to 4, the last one of
/// what is left of them.
void average_blocks(const std::uint16_t* sums, std::size_t samples, std::size_t across,
                    std::size_t rows, std::uint16_t* out);

}  // namespace darkroom::imaging
