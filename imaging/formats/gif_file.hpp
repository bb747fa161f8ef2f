#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/file_header.hpp"
#include "imaging/size.hpp"

namespace darkroom::imaging {

/// The first picture of a GIF file. The spans are parts of the file.
struct GifFrame {
  Size canvas;  ///< The logical screen.
  std::uint32_t left = 0;
  std::uint32_t top = 0;
  Size size;  ///< Never reaches beyond the canvas; a side may be 0.
  bool interlaced = false;
  std::span<const std::byte> palette;  ///< Red, green, blue of each colour; never empty.
  std::optional<std::uint8_t> transparent;
  std::span<const std::byte> data;  ///< From the LZW code size to the terminator of the blocks.
};

/// Reads the size of a GIF file's canvas, and counts its frames by walking its blocks.
[[nodiscard]] tl::expected<FileHeader, Error> read_gif_header(std::span<const std::byte> file);

/// Walks the blocks up to the end of the first frame. What follows is not looked at.
[[nodiscard]] tl::expected<GifFrame, Error> parse_gif(std::span<const std::byte> file);

/// Parses the first frame and decodes its pixels, for a decoder that leaves missing pixels as they
/// were and reports success. Takes a byte a pixel meanwhile; throws std::bad_alloc.
[[nodiscard]] tl::expected<void, Error> check_gif(std::span<const std::byte> file);

}  // namespace darkroom::imaging
