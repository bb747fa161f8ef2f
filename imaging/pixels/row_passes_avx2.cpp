#include "imaging/pixels/row_passes.hpp"

#if defined(__x86_64__)

#include <cstring>

#include <immintrin.h>

#include "imaging/pixels/channel_shuffles.hpp"
#include "imaging/pixels/half_registers.hpp"

namespace darkroom::imaging {
namespace {

// Only what follows may use AVX2: the headers above must not, or the linker could pick their
// functions for the rest of the program.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
// GCC 12 otherwise copies the vertical pass's sums between registers in each round: a third slower.
#pragma GCC optimize("no-tree-pre")
#endif

template <typename Sample>
__m256i load32(const Sample* at) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

template <typename Sample>
void store32(Sample* at, __m256i value) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), value);
}

/// Two weights side by side, as the multiply-add of pairs takes them.
__m256i weight_pair(const std::int16_t* weights) {
  std::int32_t pair = 0;
  std::memcpy(&pair, weights, sizeof pair);
  return _mm256_set1_epi32(pair);
}

/// Sums of 32 columns, in the order in which halves of registers are interleaved.
void round_32(__m256i a, __m256i b, __m256i c, __m256i d, std::int16_t* out) {
  constexpr int shift = AxisWeights::fraction_bits - between_bits;
  const __m256i low = _mm256_packs_epi32(_mm256_srai_epi32(a, shift), _mm256_srai_epi32(b, shift));
  const __m256i high = _mm256_packs_epi32(_mm256_srai_epi32(c, shift), _mm256_srai_epi32(d, shift));
  store32(out, _mm256_permute2x128_si256(low, high, 0x20));
  store32(out + 16, _mm256_permute2x128_si256(low, high, 0x31));
}

__m256i plus_products(__m256i sum, __m256i samples, __m256i pair) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(samples, pair));
}

/// 32 columns of all rows. Interleaving two rows puts the samples that share a column side by side.
/// Eight sums in variables of their own: the compiler keeps these in registers, but not an array.
inline void blend_32(const std::uint8_t* const* rows, const std::int16_t* first_weights,
                     const std::int16_t* second_weights, std::size_t taps, std::size_t column,
                     std::int16_t* first_out, std::int16_t* second_out) {
  constexpr int shift = AxisWeights::fraction_bits - between_bits;
  constexpr std::size_t ahead = 256;
  const __m256i zero = _mm256_setzero_si256();
  __m256i a1 = _mm256_set1_epi32(1 << (shift - 1));
  __m256i b1 = a1;
  __m256i c1 = a1;
  __m256i d1 = a1;
  __m256i a2 = a1;
  __m256i b2 = a1;
  __m256i c2 = a1;
  __m256i d2 = a1;
  for (std::size_t t = 0; t < taps; t += 2) {
    const __m256i upper = load32(rows[t] + column);
    const __m256i lower = load32(rows[t + 1] + column);
    // More rows are read side by side than the hardware foresees.
    _mm_prefetch(reinterpret_cast<const char*>(rows[t] + column + ahead), _MM_HINT_T0);
    _mm_prefetch(reinterpret_cast<const char*>(rows[t + 1] + column + ahead), _MM_HINT_T0);
    const __m256i first = weight_pair(first_weights + t);
    const __m256i second = weight_pair(second_weights + t);
    const __m256i low = _mm256_unpacklo_epi8(upper, lower);
    const __m256i high = _mm256_unpackhi_epi8(upper, lower);
    const __m256i a = _mm256_unpacklo_epi8(low, zero);
    const __m256i b = _mm256_unpackhi_epi8(low, zero);
    const __m256i c = _mm256_unpacklo_epi8(high, zero);
    const __m256i d = _mm256_unpackhi_epi8(high, zero);
    a1 = plus_products(a1, a, first);
    a2 = plus_products(a2, a, second);
    b1 = plus_products(b1, b, first);
    b2 = plus_products(b2, b, second);
    c1 = plus_products(c1, c, first);
    c2 = plus_products(c2, c, second);
    d1 = plus_products(d1, d, first);
    d2 = plus_products(d2, d, second);
  }
  round_32(a1, b1, c1, d1, first_out + column);
  round_32(a2, b2, c2, d2, second_out + column);
}

void blend_bytes(const std::uint8_t* const* rows, const std::array<const std::int16_t*, 2>& weights,
                 std::uint32_t taps, std::size_t count, const std::array<std::int16_t*, 2>& out) {
  constexpr std::size_t step = 32;
  if (count < step) return portable_passes().blend_bytes(rows, weights, taps, count, out);
  std::size_t column = 0;
  for (; column + step <= count; column += step) {
    blend_32(rows, weights[0], weights[1], taps, column, out[0], out[1]);
  }
  // The last columns are done together with some that are done already.
  if (column < count) blend_32(rows, weights[0], weights[1], taps, count - step, out[0], out[1]);
}

void add_16(const std::int16_t* const* rows, const std::int16_t* weights, std::uint32_t taps,
            std::size_t column, std::int32_t* sums) {
  __m256i sum0 = _mm256_setzero_si256();
  __m256i sum1 = sum0;
  for (std::uint32_t t = 0; t < taps; t += 2) {
    const __m256i pair = weight_pair(weights + t);
    const __m256i upper = load32(rows[t] + column);
    const __m256i lower = load32(rows[t + 1] + column);
    sum0 = _mm256_add_epi32(sum0, _mm256_madd_epi16(_mm256_unpacklo_epi16(upper, lower), pair));
    sum1 = _mm256_add_epi32(sum1, _mm256_madd_epi16(_mm256_unpackhi_epi16(upper, lower), pair));
  }
  std::int32_t* const at = sums + column;
  store32(at, _mm256_add_epi32(load32(at), _mm256_permute2x128_si256(sum0, sum1, 0x20)));
  store32(at + 8, _mm256_add_epi32(load32(at + 8), _mm256_permute2x128_si256(sum0, sum1, 0x31)));
}

void add_words(const std::int16_t* const* rows, const std::int16_t* weights, std::uint32_t taps,
               std::size_t count, std::int32_t* sums) {
  constexpr std::size_t step = 16;
  std::size_t column = 0;
  for (; column + step <= count; column += step) {
    add_16(rows, weights, taps, column, sums);
  }
  for (; column < count; ++column) {
    for (std::uint32_t t = 0; t < taps; ++t) {
      sums[column] += std::int32_t{weights[t]} * rows[t][column];
    }
  }
}

/// The products of output i's weights and samples, still to be added up. Taps of 0 stands for a
/// number that is known only now.
template <std::uint32_t Taps>
__m256i products(const std::int16_t* row, const AxisWeights& across, std::uint32_t i) {
  const std::uint32_t count = Taps != 0 ? Taps : across.taps();
  const std::int16_t* const samples = row + across.firsts()[i];
  const std::int16_t* const weights = across.weights(0) + std::size_t{i} * count;
  __m256i sum = _mm256_setzero_si256();
  std::uint32_t t = 0;
  for (; t + 16 <= count; t += 16) {
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(load32(samples + t), load32(weights + t)));
  }
  if (t < count) {
    const __m128i rest = _mm_madd_epi16(load16(samples + t), load16(weights + t));
    sum = _mm256_add_epi32(sum, _mm256_zextsi128_si256(rest));
  }
  return sum;
}

/// The same for two outputs of 8 taps, one in each half.
__m256i two_products(const std::int16_t* row, const AxisWeights& across, std::uint32_t i) {
  const std::uint32_t* const firsts = across.firsts() + i;
  const __m256i samples = _mm256_inserti128_si256(_mm256_castsi128_si256(load16(row + firsts[0])),
                                                  load16(row + firsts[1]), 1);
  return _mm256_madd_epi16(samples, load32(across.weights(0) + std::size_t{i} * 8));
}

/// Outputs i to i + 7 before rounding.
template <std::uint32_t Taps>
__m256i eight_outputs(const std::int16_t* row, const AxisWeights& across, std::uint32_t i) {
  if constexpr (Taps == 8) {
    const auto two = [&](std::uint32_t k) { return two_products(row, across, i + k); };
    // Even outputs in the lower half, odd ones in the upper.
    const __m256i sums =
        _mm256_hadd_epi32(_mm256_hadd_epi32(two(0), two(2)), _mm256_hadd_epi32(two(4), two(6)));
    return _mm256_permutevar8x32_epi32(sums, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
  } else {
    const auto one = [&](std::uint32_t k) { return products<Taps>(row, across, i + k); };
    const __m256i low =
        _mm256_hadd_epi32(_mm256_hadd_epi32(one(0), one(1)), _mm256_hadd_epi32(one(2), one(3)));
    const __m256i high =
        _mm256_hadd_epi32(_mm256_hadd_epi32(one(4), one(5)), _mm256_hadd_epi32(one(6), one(7)));
    return _mm256_add_epi32(_mm256_permute2x128_si256(low, high, 0x20),
                            _mm256_permute2x128_si256(low, high, 0x31));
  }
}

std::int32_t one_output(const std::int16_t* row, const AxisWeights& across, std::uint32_t i) {
  const std::int16_t* samples = row + across.first(i);
  const std::int16_t* weights = across.weights(i);
  std::int32_t sum = 0;
  for (std::uint32_t t = 0; t < across.taps(); ++t) {
    sum += std::int32_t{samples[t]} * weights[t];
  }
  return sum;
}

/// Writes 8 outputs at a time as words; `Shift` drops the weights' bits and, for bytes, the row's.
template <std::uint32_t Taps, int Shift, typename Sample>
void filter(const std::int16_t* row, const AxisWeights& across, Sample* out) {
  const __m256i half = _mm256_set1_epi32(1 << (Shift - 1));
  const std::uint32_t count = across.count();
  std::uint32_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m256i outputs =
        _mm256_srai_epi32(_mm256_add_epi32(eight_outputs<Taps>(row, across, i), half), Shift);
    const __m128i words =
        _mm_packs_epi32(_mm256_castsi256_si128(outputs), _mm256_extracti128_si256(outputs, 1));
    if constexpr (sizeof(Sample) == 1) {
      _mm_storel_epi64(reinterpret_cast<__m128i*>(out + i), _mm_packus_epi16(words, words));
    } else {
      store16(out + i, words);
    }
  }
  for (; i < count; ++i) {
    const __m128i sum =
        _mm_cvtsi32_si128((one_output(row, across, i) + (1 << (Shift - 1))) >> Shift);
    const __m128i word = _mm_packs_epi32(sum, sum);
    if constexpr (sizeof(Sample) == 1) {
      out[i] = static_cast<Sample>(_mm_cvtsi128_si32(_mm_packus_epi16(word, word)));
    } else {
      out[i] = static_cast<Sample>(_mm_cvtsi128_si32(word));
    }
  }
}

template <int Shift, typename Sample>
void filter_row(const std::int16_t* row, const AxisWeights& across, Sample* out) {
  switch (across.taps()) {
    case 8:
      return filter<8, Shift>(row, across, out);
    case 16:
      return filter<16, Shift>(row, across, out);
    case 24:
      return filter<24, Shift>(row, across, out);
    case 32:
      return filter<32, Shift>(row, across, out);
    default:
      return filter<0, Shift>(row, across, out);
  }
}

void filter_to_bytes(const std::int16_t* row, const AxisWeights& across, std::uint8_t* out) {
  filter_row<AxisWeights::fraction_bits + between_bits>(row, across, out);
}

void filter_to_words(const std::int16_t* row, const AxisWeights& across, std::int16_t* out) {
  filter_row<AxisWeights::fraction_bits>(row, across, out);
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

}  // namespace

const RowPasses* avx2_passes() {
  static constexpr RowPasses passes{.blend_bytes = blend_bytes,
                                    .add_words = add_words,
                                    .filter_to_bytes = filter_to_bytes,
                                    .filter_to_words = filter_to_words,
                                    .split_words = shuffle::split_words,
                                    .split_bytes = shuffle::split_bytes,
                                    .join_bytes = shuffle::join_bytes};
  return __builtin_cpu_supports("avx2") != 0 ? &passes : nullptr;
}

}  // namespace darkroom::imaging

#else

namespace darkroom::imaging {

const RowPasses* avx2_passes() {
  return nullptr;
}

}  // namespace darkroom::imaging

#endif
