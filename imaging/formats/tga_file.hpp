#pragma once

#include <cstddef>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/file_header.hpp"

namespace darkroom::imaging {

/// TGA files have no magic number. True where every field of the header has a value that the format
/// allows and stb_image decodes; ask this last, when no other format fits.
[[nodiscard]] bool is_plausible_tga(std::span<const std::byte> file);

/// Reads a TGA file's size. Pixels stored from right to left, which stb_image leaves mirrored, are
/// told as an orientation.
[[nodiscard]] tl::expected<FileHeader, Error> read_tga_header(std::span<const std::byte> file);

/// All pixels are there, also in run-length coding.
[[nodiscard]] tl::expected<void, Error> check_tga(std::span<const std::byte> file);

/// True for 32 bits a pixel of which none is said to be alpha: the fourth byte means nothing.
[[nodiscard]] bool has_meaningless_alpha(std::span<const std::byte> tga_file);

}  // namespace darkroom::imaging
