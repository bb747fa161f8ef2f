#pragma once

#include <cstddef>
#include <cstdint>

namespace darkroom::imaging {

/// Makes rows of columns: the pixel of `bytes` bytes at column c of row r goes to column r of row
/// c. Steps lead from one row to the next and may be negative. `bytes` is 1 to 4.
void transpose(const std::uint8_t* from, std::ptrdiff_t from_step, std::size_t rows,
               std::size_t columns, std::size_t bytes, std::uint8_t* to, std::ptrdiff_t to_step);

}  // namespace darkroom::imaging
