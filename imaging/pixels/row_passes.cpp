#include "imaging/pixels/row_passes.hpp"

#include <algorithm>
#include <limits>

namespace darkroom::imaging {
namespace {

constexpr std::int32_t half(int bits) {
  return 1 << (bits - 1);
}

std::int16_t saturated_word(std::int32_t value) {
  using Word = std::numeric_limits<std::int16_t>;
  return static_cast<std::int16_t>(std::clamp<std::int32_t>(value, Word::min(), Word::max()));
}

/// Adds one block of columns; its sums stay in the nearest cache.
template <typename Sample>
void add_block(const Sample* const* rows, const std::int16_t* weights, std::uint32_t taps,
               std::size_t begin, std::size_t columns, std::int32_t* sums) {
  for (std::uint32_t t = 0; t < taps; ++t) {
    const Sample* row = rows[t] + begin;
    const std::int32_t weight = weights[t];
    for (std::size_t i = 0; i < columns; ++i) {
      sums[i] += weight * row[i];
    }
  }
}

void blend_bytes(const std::uint8_t* const* rows, const std::array<const std::int16_t*, 2>& weights,
                 std::uint32_t taps, std::size_t count, const std::array<std::int16_t*, 2>& out) {
  constexpr std::size_t block = 256;
  constexpr int shift = AxisWeights::fraction_bits - between_bits;
  for (std::size_t begin = 0; begin < count; begin += block) {
    const std::size_t columns = std::min(block, count - begin);
    for (std::size_t k = 0; k < out.size(); ++k) {
      std::array<std::int32_t, block> sums{};
      add_block(rows, weights[k], taps, begin, columns, sums.data());
      for (std::size_t i = 0; i < columns; ++i) {
        out[k][begin + i] = saturated_word((sums[i] + half(shift)) >> shift);
      }
    }
  }
}

void add_words(const std::int16_t* const* rows, const std::int16_t* weights, std::uint32_t taps,
               std::size_t count, std::int32_t* sums) {
  constexpr std::size_t block = 256;
  for (std::size_t begin = 0; begin < count; begin += block) {
    add_block(rows, weights, taps, begin, std::min(block, count - begin), sums + begin);
  }
}

std::int32_t weighted_sum(const std::int16_t* samples, const std::int16_t* weights,
                          std::uint32_t taps) {
  std::int32_t sum = 0;
  for (std::uint32_t t = 0; t < taps; ++t) {
    sum += std::int32_t{samples[t]} * weights[t];
  }
  return sum;
}

void filter_to_bytes(const std::int16_t* row, const AxisWeights& across, std::uint8_t* out) {
  constexpr int shift = AxisWeights::fraction_bits + between_bits;
  for (std::uint32_t i = 0; i < across.count(); ++i) {
    const std::int32_t sum = weighted_sum(row + across.first(i), across.weights(i), across.taps());
    out[i] = static_cast<std::uint8_t>(std::clamp((sum + half(shift)) >> shift, 0, 255));
  }
}

void filter_to_words(const std::int16_t* row, const AxisWeights& across, std::int16_t* out) {
  constexpr int shift = AxisWeights::fraction_bits;
  for (std::uint32_t i = 0; i < across.count(); ++i) {
    const std::int32_t sum = weighted_sum(row + across.first(i), across.weights(i), across.taps());
    out[i] = saturated_word((sum + half(shift)) >> shift);
  }
}

template <typename Sample>
void split(const Sample* interleaved, std::size_t pixels, const std::array<Sample*, 3>& rows) {
  for (std::size_t i = 0; i < pixels; ++i) {
    rows[0][i] = interleaved[3 * i];
    rows[1][i] = interleaved[3 * i + 1];
    rows[2][i] = interleaved[3 * i + 2];
  }
}

void join_bytes(const std::array<const std::uint8_t*, 3>& rows, std::size_t pixels,
                std::uint8_t* interleaved) {
  for (std::size_t i = 0; i < pixels; ++i) {
    interleaved[3 * i] = rows[0][i];
    interleaved[3 * i + 1] = rows[1][i];
    interleaved[3 * i + 2] = rows[2][i];
  }
}

}  // namespace

const RowPasses& portable_passes() {
  static constexpr RowPasses passes{.blend_bytes = blend_bytes,
                                    .add_words = add_words,
                                    .filter_to_bytes = filter_to_bytes,
                                    .filter_to_words = filter_to_words,
                                    .split_words = split<std::int16_t>,
                                    .split_bytes = split<std::uint8_t>,
                                    .join_bytes = join_bytes};
  return passes;
}

const RowPasses& fastest_passes() {
  static const RowPasses* const avx2 = avx2_passes();
  return avx2 != nullptr ? *avx2 : portable_passes();
}

}  // namespace darkroom::imaging
