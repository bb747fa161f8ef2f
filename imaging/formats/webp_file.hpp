#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/file_header.hpp"
#include "imaging/size.hpp"

namespace darkroom::imaging {

[[nodiscard]] bool is_webp(std::span<const std::byte> file);

/// One picture of a WebP file.
struct WebpImage {
  std::uint32_t left = 0;  ///< Of an animation's frame on its canvas.
  std::uint32_t top = 0;
  Size size;
  bool lossless = false;
  bool alpha = false;
  /// What libwebp decodes: the chunks ALPH and VP8, or VP8L.
  std::span<const std::byte> data;
};

/// A WebP file taken apart (RFC 9649).
struct WebpFile {
  Size canvas;
  bool whole = false;  ///< The file is as long as it says.
  bool animated = false;
  std::uint32_t frames = 0;
  WebpImage first;
  std::span<const std::byte> profile;  ///< ICCP; empty where there is none.
  std::span<const std::byte> exif;     ///< EXIF, from its TIFF header on; empty: none.
};

/// Walks the chunks. What comes behind the first image may be missing; `whole` tells it then.
[[nodiscard]] tl::expected<WebpFile, Error> parse_webp(std::span<const std::byte> file);

/// Reads a WebP file's size, transparency, frames and orientation.
[[nodiscard]] tl::expected<FileHeader, Error> read_webp_header(std::span<const std::byte> file);

}  // namespace darkroom::imaging
