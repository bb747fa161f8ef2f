#pragma once

#include <emmintrin.h>

namespace darkroom::imaging {

/// 16 bytes of samples, at any address. x86-64 only.
template <typename Sample>
__m128i load16(const Sample* at) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}

template <typename Sample>
void store16(Sample* at, __m128i value) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(at), value);
}

}  // namespace darkroom::imaging
