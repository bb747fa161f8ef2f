#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/error.hpp"

namespace darkroom::imaging {

/// Inflates the pieces of one zlib stream, which must give as many bytes as `out` takes; a little
/// more than that is borne and thrown away. Throws std::bad_alloc.
[[nodiscard]] tl::expected<void, Error> inflate_pixels(
    std::span<const std::span<const std::byte>> pieces, std::span<std::uint8_t> out);

/// The colour profile in the data of an iCCP chunk; empty where it is damaged or larger than
/// profiles are. Throws std::bad_alloc.
[[nodiscard]] std::vector<std::byte> inflate_profile(std::span<const std::byte> chunk);

}  // namespace darkroom::imaging
