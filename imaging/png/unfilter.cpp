#include "imaging/png/unfilter.hpp"

#include <cstdlib>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace darkroom::imaging {
namespace {

std::uint8_t byte(int value) {
  return static_cast<std::uint8_t>(value);
}

/// Whichever of left, above and upper left is nearest to left + above - upper left.
int paeth(int left, int above, int corner) {
  const int to_left = std::abs(above - corner);
  const int to_above = std::abs(left - corner);
  const int to_corner = std::abs(left + above - 2 * corner);
  if (to_left <= to_above && to_left <= to_corner) return left;
  return to_above <= to_corner ? above : corner;
}

void add_left(const FilteredRow& row, std::uint8_t* to) {
  for (std::size_t i = 0; i < row.bytes; ++i) {
    const int left = i < row.pixel_bytes ? 0 : to[i - row.pixel_bytes];
    to[i] = byte(row.from[i] + left);
  }
}

void add_average(const FilteredRow& row, std::uint8_t* to) {
  for (std::size_t i = 0; i < row.bytes; ++i) {
    const int left = i < row.pixel_bytes ? 0 : to[i - row.pixel_bytes];
    to[i] = byte(row.from[i] + (left + row.above[i]) / 2);
  }
}

void add_paeth(const FilteredRow& row, std::uint8_t* to) {
  for (std::size_t i = 0; i < row.bytes; ++i) {
    const bool first = i < row.pixel_bytes;
    const int left = first ? 0 : to[i - row.pixel_bytes];
    const int corner = first ? 0 : row.above[i - row.pixel_bytes];
    to[i] = byte(row.from[i] + paeth(left, row.above[i], corner));
  }
}

#if defined(__SSE2__)

// The filters of a row depend on the pixel before, so that only the samples of one pixel go side by
// side: 3 or 4 of them in one register.

__m128i load_pixel(const std::uint8_t* from) {
  std::int32_t four = 0;
  std::memcpy(&four, from, sizeof four);
  return _mm_cvtsi32_si128(four);
}

/// Of a pixel of 3 bytes the fourth byte is written too, but behind the last one of a row.
template <std::size_t Bytes>
void store_pixel(__m128i pixel, std::uint8_t* to, bool last) {
  const std::int32_t four = _mm_cvtsi128_si32(pixel);
  if (last) {
    std::memcpy(to, &four, Bytes);
  } else {
    std::memcpy(to, &four, sizeof four);
  }
}

template <std::size_t Bytes, typename Step>
void each_pixel(const FilteredRow& row, std::uint8_t* to, Step step) {
  for (std::size_t i = 0; i < row.bytes; i += Bytes) {
    const __m128i pixel = step(load_pixel(row.from + i), load_pixel(row.above + i));
    store_pixel<Bytes>(pixel, to + i, i + Bytes == row.bytes);
  }
}

template <std::size_t Bytes>
void add_left_pixels(const FilteredRow& row, std::uint8_t* to) {
  __m128i left = _mm_setzero_si128();
  each_pixel<Bytes>(row, to, [&](__m128i difference, __m128i) {
    left = _mm_add_epi8(left, difference);
    return left;
  });
}

template <std::size_t Bytes>
void add_average_pixels(const FilteredRow& row, std::uint8_t* to) {
  __m128i left = _mm_setzero_si128();
  const __m128i ones = _mm_set1_epi8(1);
  each_pixel<Bytes>(row, to, [&](__m128i difference, __m128i above) {
    // The instruction rounds up; the filter rounds down.
    const __m128i odd = _mm_and_si128(_mm_xor_si128(left, above), ones);
    const __m128i average = _mm_sub_epi8(_mm_avg_epu8(left, above), odd);
    left = _mm_add_epi8(difference, average);
    return left;
  });
}

__m128i absolute(__m128i values) {
  return _mm_max_epi16(values, _mm_sub_epi16(_mm_setzero_si128(), values));
}

__m128i choose(__m128i mask, __m128i then, __m128i otherwise) {
  return _mm_or_si128(_mm_and_si128(mask, then), _mm_andnot_si128(mask, otherwise));
}

template <std::size_t Bytes>
void add_paeth_pixels(const FilteredRow& row, std::uint8_t* to) {
  const __m128i zero = _mm_setzero_si128();
  __m128i left = zero;  // 16 bits a sample, as all that follows.
  __m128i corner = zero;
  each_pixel<Bytes>(row, to, [&](__m128i difference, __m128i above_bytes) {
    const __m128i above = _mm_unpacklo_epi8(above_bytes, zero);
    const __m128i towards_left = _mm_sub_epi16(above, corner);
    const __m128i towards_above = _mm_sub_epi16(left, corner);
    const __m128i to_left = absolute(towards_left);
    const __m128i to_above = absolute(towards_above);
    const __m128i to_corner = absolute(_mm_add_epi16(towards_left, towards_above));
    const __m128i nearest = _mm_min_epi16(to_corner, _mm_min_epi16(to_left, to_above));
    const __m128i predicted = choose(_mm_cmpeq_epi16(nearest, to_left), left,
                                     choose(_mm_cmpeq_epi16(nearest, to_above), above, corner));
    // The upper bytes are zero and stay so.
    left = _mm_add_epi8(_mm_unpacklo_epi8(difference, zero), predicted);
    corner = above;
    return _mm_packus_epi16(left, left);
  });
}

void add_above(const FilteredRow& row, std::uint8_t* to) {
  std::size_t i = 0;
  for (; i + 16 <= row.bytes; i += 16) {
    const auto from = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row.from + i));
    const auto above = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row.above + i));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), _mm_add_epi8(from, above));
  }
  for (; i < row.bytes; ++i)
    to[i] = byte(row.from[i] + row.above[i]);
}

template <std::size_t Bytes>
void unfilter_pixels(const FilteredRow& row, std::uint8_t* to) {
  switch (row.filter) {
    case 1:
      return add_left_pixels<Bytes>(row, to);
    case 3:
      return add_average_pixels<Bytes>(row, to);
    default:
      return add_paeth_pixels<Bytes>(row, to);
  }
}

#else

void add_above(const FilteredRow& row, std::uint8_t* to) {
  for (std::size_t i = 0; i < row.bytes; ++i)
    to[i] = byte(row.from[i] + row.above[i]);
}

#endif

}  // namespace

bool unfilter(const FilteredRow& row, std::uint8_t* to) {
  constexpr std::uint8_t none = 0;
  constexpr std::uint8_t up = 2;
  constexpr std::uint8_t last = 4;
  if (row.filter > last) return false;
  if (row.filter == none) {
    std::memmove(to, row.from, row.bytes);
    return true;
  }
  if (row.filter == up) {
    add_above(row, to);
    return true;
  }
#if defined(__SSE2__)
  if (row.pixel_bytes == 3) {
    unfilter_pixels<3>(row, to);
    return true;
  }
  if (row.pixel_bytes == 4) {
    unfilter_pixels<4>(row, to);
    return true;
  }
#endif
  if (row.filter == 1) add_left(row, to);
  if (row.filter == 3) add_average(row, to);
  if (row.filter == last) add_paeth(row, to);
  return true;
}

}  // namespace darkroom::imaging
