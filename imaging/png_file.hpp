#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/file_header.hpp"

namespace darkroom::imaging {

/// Reads a PNG file's size, and its orientation from the eXIf chunk.
[[nodiscard]] tl::expected<FileHeader, Error> read_png_header(std::span<const std::byte> file);

/// Walks all chunks up to IEND: lengths, checksums, order; then the compressed pixel data, which
/// must be whole and no longer than the header announces, so that a small file cannot make the
/// decoder allocate more than its picture needs.
[[nodiscard]] tl::expected<void, Error> check_png(std::span<const std::byte> file);

/// A copy of a checked file whose palette is filled up with black to all the entries that its
/// pixels can name; none where it is full or the file has no palette. stb_image takes uninitialised
/// memory for an entry that is missing.
[[nodiscard]] std::optional<std::vector<std::byte>> with_full_palette(
    std::span<const std::byte> file);

}  // namespace darkroom::imaging
