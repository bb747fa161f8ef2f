#pragma once

#include <cstddef>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/file_header.hpp"

namespace darkroom::imaging {

/// Reads a Photoshop file's size. Refuses what stb_image does not decode: other colour modes than
/// RGB, other depths than 8 and 16 bits, the large-document form PSB.
[[nodiscard]] tl::expected<FileHeader, Error> read_psd_header(std::span<const std::byte> file);

/// The merged picture's data are all there.
[[nodiscard]] tl::expected<void, Error> check_psd(std::span<const std::byte> file);

}  // namespace darkroom::imaging
