#include "imaging/pixels/channel_shuffles.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#include "imaging/pixels/half_registers.hpp"

namespace darkroom::imaging::shuffle {

// Only what follows may use AVX2, as in row_passes_avx2.cpp.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

namespace {

/// Masks of the byte shuffle; 0x80 gives a zero.
using Masks = std::array<std::array<std::array<std::uint8_t, 16>, 3>, 3>;

/// [channel][register]: where in three registers of interleaved samples a channel lies.
constexpr Masks split_masks(std::size_t sample_bytes) {
  Masks masks{};
  for (std::size_t channel = 0; channel < 3; ++channel) {
    for (std::size_t source = 0; source < 3; ++source) {
      for (std::size_t byte = 0; byte < 16; ++byte) {
        const std::size_t sample = 3 * (byte / sample_bytes) + channel;
        const std::size_t at = sample * sample_bytes + byte % sample_bytes;
        masks[channel][source][byte] =
            at / 16 == source ? static_cast<std::uint8_t>(at % 16) : std::uint8_t{0x80};
      }
    }
  }
  return masks;
}

/// [register][channel]: where in a channel's register the interleaved bytes lie.
constexpr Masks join_masks() {
  Masks masks{};
  for (std::size_t target = 0; target < 3; ++target) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      for (std::size_t byte = 0; byte < 16; ++byte) {
        const std::size_t at = 16 * target + byte;
        masks[target][channel][byte] =
            at % 3 == channel ? static_cast<std::uint8_t>(at / 3) : std::uint8_t{0x80};
      }
    }
  }
  return masks;
}

constexpr Masks word_masks = split_masks(2);
constexpr Masks byte_masks = split_masks(1);
constexpr Masks joining_masks = join_masks();

struct ThreeRegisters {
  __m128i first;
  __m128i second;
  __m128i third;
};

__m128i gathered(const ThreeRegisters& from,
                 const std::array<std::array<std::uint8_t, 16>, 3>& masks) {
  return _mm_or_si128(_mm_or_si128(_mm_shuffle_epi8(from.first, load16(masks[0].data())),
                                   _mm_shuffle_epi8(from.second, load16(masks[1].data()))),
                      _mm_shuffle_epi8(from.third, load16(masks[2].data())));
}

template <typename Sample>
void split(const Sample* interleaved, std::size_t pixels, const std::array<Sample*, 3>& rows,
           const Masks& masks) {
  constexpr std::size_t step = 16 / sizeof(Sample);
  std::size_t i = 0;
  for (; i + step <= pixels; i += step) {
    const Sample* at = interleaved + 3 * i;
    const ThreeRegisters from{load16(at), load16(at + step), load16(at + 2 * step)};
    for (std::size_t channel = 0; channel < 3; ++channel) {
      store16(rows[channel] + i, gathered(from, masks[channel]));
    }
  }
  for (; i < pixels; ++i) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      rows[channel][i] = interleaved[3 * i + channel];
    }
  }
}

}  // namespace

void split_words(const std::int16_t* interleaved, std::size_t pixels,
                 const std::array<std::int16_t*, 3>& rows) {
  split(interleaved, pixels, rows, word_masks);
}

void split_bytes(const std::uint8_t* interleaved, std::size_t pixels,
                 const std::array<std::uint8_t*, 3>& rows) {
  split(interleaved, pixels, rows, byte_masks);
}

void join_bytes(const std::array<const std::uint8_t*, 3>& rows, std::size_t pixels,
                std::uint8_t* interleaved) {
  constexpr std::size_t step = 16;
  std::size_t i = 0;
  for (; i + step <= pixels; i += step) {
    const ThreeRegisters from{load16(rows[0] + i), load16(rows[1] + i), load16(rows[2] + i)};
    for (std::size_t target = 0; target < 3; ++target) {
      store16(interleaved + 3 * i + 16 * target, gathered(from, joining_masks[target]));
    }
  }
  for (; i < pixels; ++i) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      interleaved[3 * i + channel] = rows[channel][i];
    }
  }
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

}  // namespace darkroom::imaging::shuffle

#endif
