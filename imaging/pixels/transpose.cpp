#include "imaging/pixels/transpose.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace darkroom::imaging {
namespace {

/// A stretch of rows and columns of the source.
struct Block {
  std::ptrdiff_t top;
  std::ptrdiff_t left;
  std::ptrdiff_t bottom;
  std::ptrdiff_t right;
};

struct Steps {
  std::ptrdiff_t from;
  std::ptrdiff_t to;
};

template <std::size_t Bytes>
void transpose_pixels(const std::uint8_t* from, std::uint8_t* to, Steps step, const Block& block) {
  constexpr auto pixel = static_cast<std::ptrdiff_t>(Bytes);
  for (std::ptrdiff_t column = block.left; column < block.right; ++column) {
    for (std::ptrdiff_t row = block.top; row < block.bottom; ++row) {
      std::memcpy(to + column * step.to + row * pixel, from + row * step.from + column * pixel,
                  Bytes);
    }
  }
}

#if defined(__SSE2__)
constexpr std::ptrdiff_t square = 16;

/// Four times over, rows eight apart are interleaved; after that each register holds a column.
void transpose_square(const std::uint8_t* from, std::uint8_t* to, Steps step) {
  __m128i rows[square];
  for (std::ptrdiff_t i = 0; i < square; ++i) {
    rows[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i * step.from));
  }
  for (int round = 0; round < 4; ++round) {
    __m128i mixed[square];
    for (std::ptrdiff_t i = 0; i < square / 2; ++i) {
      mixed[2 * i] = _mm_unpacklo_epi8(rows[i], rows[i + square / 2]);
      mixed[2 * i + 1] = _mm_unpackhi_epi8(rows[i], rows[i + square / 2]);
    }
    std::copy_n(mixed, square, rows);
  }
  for (std::ptrdiff_t i = 0; i < square; ++i) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i * step.to), rows[i]);
  }
}

template <>
void transpose_pixels<1>(const std::uint8_t* from, std::uint8_t* to, Steps step,
                         const Block& block) {
  const auto one_by_one = [&](const Block& part) {
    for (std::ptrdiff_t column = part.left; column < part.right; ++column) {
      for (std::ptrdiff_t row = part.top; row < part.bottom; ++row) {
        to[column * step.to + row] = from[row * step.from + column];
      }
    }
  };
  const std::ptrdiff_t bottom = block.top + (block.bottom - block.top) / square * square;
  const std::ptrdiff_t right = block.left + (block.right - block.left) / square * square;
  for (std::ptrdiff_t column = block.left; column < right; column += square) {
    for (std::ptrdiff_t row = block.top; row < bottom; row += square) {
      transpose_square(from + row * step.from + column, to + column * step.to + row, step);
    }
  }
  one_by_one({block.top, right, bottom, block.right});
  one_by_one({bottom, block.left, block.bottom, block.right});
}
#endif

/// Block by block: whole columns would leave the cache at each step.
template <std::size_t Bytes>
void transpose_blocks(const std::uint8_t* from, std::uint8_t* to, Steps step, std::ptrdiff_t rows,
                      std::ptrdiff_t columns) {
  constexpr std::ptrdiff_t side = 64;
  for (std::ptrdiff_t top = 0; top < rows; top += side) {
    for (std::ptrdiff_t left = 0; left < columns; left += side) {
      transpose_pixels<Bytes>(
          from, to, step, {top, left, std::min(top + side, rows), std::min(left + side, columns)});
    }
  }
}

}  // namespace

void transpose(const std::uint8_t* from, std::ptrdiff_t from_step, std::size_t rows,
               std::size_t columns, std::size_t bytes, std::uint8_t* to, std::ptrdiff_t to_step) {
  const auto height = static_cast<std::ptrdiff_t>(rows);
  const auto width = static_cast<std::ptrdiff_t>(columns);
  const Steps step{.from = from_step, .to = to_step};
  switch (bytes) {
    case 1:
      return transpose_blocks<1>(from, to, step, height, width);
    case 2:
      return transpose_blocks<2>(from, to, step, height, width);
    case 3:
      return transpose_blocks<3>(from, to, step, height, width);
    default:
      return transpose_blocks<4>(from, to, step, height, width);
  }
}

}  // namespace darkroom::imaging
