#pragma once

#include <cstddef>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/file_header.hpp"
#include "imaging/frame.hpp"

namespace darkroom::imaging {

/// True for the magic numbers P1 to P7 where white space or a comment follows.
[[nodiscard]] bool is_pnm(std::span<const std::byte> file);

/// Reads a PGM or PPM file's size (P5 and P6; netpbm's pgm(5) and ppm(5)).
[[nodiscard]] tl::expected<FileHeader, Error> read_pnm_header(std::span<const std::byte> file);

/// Decodes. Done here, because stb_image 2.27 takes 16-bit samples in the wrong byte order and does
/// not heed the maximum value.
[[nodiscard]] tl::expected<FramePtr, Error> decode_pnm(std::span<const std::byte> file);

}  // namespace darkroom::imaging
