#pragma once

#include <cstddef>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/file_header.hpp"

namespace darkroom::imaging {

/// Reads the size of a GIF file's canvas, and counts its frames by walking its blocks.
[[nodiscard]] tl::expected<FileHeader, Error> read_gif_header(std::span<const std::byte> file);

/// Walks the blocks up to the end of the first frame. What follows is not looked at.
[[nodiscard]] tl::expected<void, Error> check_gif(std::span<const std::byte> file);

}  // namespace darkroom::imaging
