#pragma once

#include <cstddef>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/file_header.hpp"

namespace darkroom::imaging {

/// True for "BM" with a header size that some version of the format has; text that happens to begin
/// with these letters is none.
[[nodiscard]] bool is_bmp(std::span<const std::byte> file);

/// Reads a BMP file's size. Refuses the kinds that stb_image cannot decode right.
[[nodiscard]] tl::expected<FileHeader, Error> read_bmp_header(std::span<const std::byte> file);

/// All rows are there, and no pixel names a colour outside the palette, for which stb_image would
/// take uninitialised memory.
[[nodiscard]] tl::expected<void, Error> check_bmp(std::span<const std::byte> file);

}  // namespace darkroom::imaging
