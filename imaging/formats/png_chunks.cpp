#include "imaging/formats/png_chunks.hpp"

#include <libdeflate.h>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::uint32_t max_chunk_bytes = 0x7FFF'FFFF;

/// PNG specification, section 11.2.1, table 12.
bool is_allowed_depth(std::uint8_t colour, std::uint8_t depth) {
  switch (colour) {
    case 0:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case png_palette_colour:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case 2:
    case 4:
    case 6:
      return depth == 8 || depth == 16;
    default:
      return false;
  }
}

}  // namespace

tl::expected<PngChunk, Error> PngChunks::next() {
  ByteReader reader(file_, position_);
  const std::uint32_t length = reader.u32_be();
  reader.skip(4);
  if (!reader.ok()) return cut_off("PNG");
  if (length > max_chunk_bytes) return corrupt("a PNG chunk has an impossible length");
  const std::size_t data = reader.position();
  reader.skip(length);
  const std::uint32_t checksum = reader.u32_be();
  if (!reader.ok()) return cut_off("PNG");
  const PngChunk chunk{.offset = position_,
                       .type = as_text(file_.subspan(data - 4, 4)),
                       .data = file_.subspan(data, length),
                       .checksum = checksum};
  position_ = reader.position();
  return chunk;
}

bool has_right_checksum(const PngChunk& chunk) {
  // Type and data lie next to each other in the file.
  const std::size_t size = chunk.type.size() + chunk.data.size();
  return libdeflate_crc32(0, chunk.type.data(), size) == chunk.checksum;
}

tl::expected<PngHeader, Error> parse_png_header(std::span<const std::byte> data) {
  ByteReader reader(data);
  PngHeader header;
  header.width = reader.u32_be();
  header.height = reader.u32_be();
  header.depth = reader.u8();
  header.colour = reader.u8();
  const std::uint8_t compression = reader.u8();
  const std::uint8_t filter = reader.u8();
  const std::uint8_t interlace = reader.u8();
  header.interlaced = interlace == 1;
  const bool whole = reader.ok() && reader.remaining() == 0;
  if (!whole || !is_allowed_depth(header.colour, header.depth) || compression != 0 || filter != 0 ||
      interlace > 1 || header.width > max_chunk_bytes || header.height > max_chunk_bytes) {
    return corrupt("the PNG header is damaged");
  }
  return header;
}

}  // namespace darkroom::imaging
