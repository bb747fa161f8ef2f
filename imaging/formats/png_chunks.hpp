#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tl/expected.hpp>

#include "imaging/error.hpp"

namespace darkroom::imaging {

/// One chunk of a PNG file (PNG specification, section 5.3).
struct PngChunk {
  std::size_t offset = 0;  ///< Of its length field in the file.
  std::string_view type;   ///< Four letters, in the file.
  std::span<const std::byte> data;
  std::uint32_t checksum = 0;  ///< As the file has it; see has_right_checksum.
};

/// Walks the chunks of a PNG file.
class PngChunks {
 public:
  /// Starts behind the signature.
  explicit PngChunks(std::span<const std::byte> file) : file_(file) {}

  /// The next chunk. Running off the end of the file is an error.
  [[nodiscard]] tl::expected<PngChunk, Error> next();

 private:
  std::span<const std::byte> file_;
  std::size_t position_ = 8;
};

/// Computes the CRC over type and data and compares.
[[nodiscard]] bool has_right_checksum(const PngChunk& chunk);

/// The IHDR chunk's fields.
struct PngHeader {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t depth = 0;   ///< Bits a sample.
  std::uint8_t colour = 0;  ///< Colour type: 0, 2, 3, 4 or 6.
  bool interlaced = false;
};

inline constexpr std::uint8_t png_palette_colour = 3;

/// Refuses what the specification does not allow.
[[nodiscard]] tl::expected<PngHeader, Error> parse_png_header(std::span<const std::byte> data);

}  // namespace darkroom::imaging
