#pragma once

#include <cstddef>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/file_header.hpp"

namespace darkroom::imaging {

/// Reads a Radiance picture's size. Only the usual order of pixels, "-Y height +X width", and RGBE
/// colours are taken.
[[nodiscard]] tl::expected<FileHeader, Error> read_hdr_header(std::span<const std::byte> file);

/// Walks all scanlines. stb_image 2.27 would loop for ever on a run of length 0, which is also
/// what it reads behind the end of the file.
[[nodiscard]] tl::expected<void, Error> check_hdr(std::span<const std::byte> file);

}  // namespace darkroom::imaging
