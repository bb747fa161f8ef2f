#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "imaging/formats/png_chunks.hpp"
#include "imaging/size.hpp"

namespace darkroom::imaging {

/// One pass over the pixels: it begins at `left`, `top` and takes every `across`th column and every
/// `down`th row.
struct PngPass {
  std::uint32_t left = 0;
  std::uint32_t top = 0;
  std::uint32_t across = 1;
  std::uint32_t down = 1;
};

/// The passes of an interlaced picture (PNG specification, section 8.2).
inline constexpr std::array<PngPass, 7> adam7{{{0, 0, 8, 8},
                                               {4, 0, 8, 8},
                                               {0, 4, 4, 8},
                                               {2, 0, 4, 4},
                                               {0, 2, 2, 4},
                                               {1, 0, 2, 2},
                                               {0, 1, 1, 2}}};

/// How many pixels a pass has; a pass without columns has no rows either.
[[nodiscard]] Size pass_size(const PngHeader& header, const PngPass& pass);

/// Samples of a pixel as the file has them: 1 for grey and for palettes.
[[nodiscard]] std::uint32_t samples_per_pixel(const PngHeader& header);

/// Bytes of a row of `width` pixels, without its filter byte.
[[nodiscard]] std::uint64_t row_bytes(const PngHeader& header, std::uint32_t width);

/// Bytes of the whole uncompressed stream: all rows of all passes, with their filter bytes.
[[nodiscard]] std::uint64_t stream_bytes(const PngHeader& header);

/// Some encoders write a little more than the picture has rows for, which every decoder bears.
inline constexpr std::size_t allowed_png_surplus = 65'536;

}  // namespace darkroom::imaging
