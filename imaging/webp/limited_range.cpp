#include "imaging/webp/limited_range.hpp"

namespace darkroom::imaging {
namespace {

// Plain loops that the compiler vectorises; this file is built with -O3.

/// Round(value / 255) for values up to 65,407.
std::uint16_t divided(std::uint16_t value) {
  const auto rounded = static_cast<std::uint16_t>(value + 128);
  return static_cast<std::uint16_t>(static_cast<std::uint16_t>(rounded + (rounded >> 8U)) >> 8U);
}

template <typename Limit>
PlaneBuffer limited(const Plane& full, Limit limit) {
  auto buffer = PlaneBuffer::aligned(full.width, full.height);
  for (std::uint32_t y = 0; y < full.height; ++y)
    limit(full.row(y).data(), buffer.row(y), full.width);
  return buffer;
}

}  // namespace

void limit_luma(const std::uint8_t* full, std::uint8_t* limited, std::size_t samples) {
  for (std::size_t i = 0; i < samples; ++i) {
    limited[i] = static_cast<std::uint8_t>(16 + divided(static_cast<std::uint16_t>(full[i] * 219)));
  }
}

void limit_chroma(const std::uint8_t* full, std::uint8_t* limited, std::size_t samples) {
  // 128 + (c - 128) x 224 / 255 = (c x 224 + 128 x 31) / 255.
  for (std::size_t i = 0; i < samples; ++i) {
    limited[i] =
        static_cast<std::uint8_t>(divided(static_cast<std::uint16_t>(full[i] * 224 + 128 * 31)));
  }
}

PlaneBuffer limited_luma(const Plane& full) {
  return limited(full, limit_luma);
}

PlaneBuffer limited_chroma(const Plane& full) {
  return limited(full, limit_chroma);
}

}  // namespace darkroom::imaging
