#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/file_header.hpp"
#include "imaging/formats/png_chunks.hpp"

namespace darkroom::imaging {

/// Reads a PNG file's size, its orientation from the eXIf chunk, and from acTL how many frames an
/// animated one has.
[[nodiscard]] tl::expected<FileHeader, Error> read_png_header(std::span<const std::byte> file);

/// Walks all chunks up to IEND: lengths, checksums, order; then the compressed pixel data, which
/// must be whole and no longer than the header announces, so that a small file cannot make the
/// decoder allocate more than its picture needs.
[[nodiscard]] tl::expected<void, Error> check_png(std::span<const std::byte> file);

/// A PNG file taken apart; what it does not have is empty.
struct PngParts {
  PngHeader header;
  std::span<const std::byte> palette = {};         ///< PLTE: red, green, blue, 8 bits each.
  std::span<const std::byte> transparency = {};    ///< tRNS
  std::span<const std::byte> profile = {};         ///< iCCP, compressed and behind its name.
  std::span<const std::byte> exif = {};            ///< eXIf: begins with a TIFF header.
  std::span<const std::byte> gamma = {};           ///< gAMA
  std::span<const std::byte> chromaticities = {};  ///< cHRM
  bool srgb = false;                               ///< Says of itself that it is in sRGB.
  std::vector<std::span<const std::byte>> pixel_data = {};  ///< IDAT, in order.
};

/// Walks all chunks up to IEND: lengths, checksums, order. The pixel data are not looked into.
[[nodiscard]] tl::expected<PngParts, Error> read_png_parts(std::span<const std::byte> file);

/// A copy of a checked file whose palette is filled up with black to all the entries that its
/// pixels can name; none where it is full or the file has no palette. stb_image takes uninitialised
/// memory for an entry that is missing.
[[nodiscard]] std::optional<std::vector<std::byte>> with_full_palette(
    std::span<const std::byte> file);

}  // namespace darkroom::imaging
