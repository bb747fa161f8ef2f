#include "imaging/gif_file.hpp"

#include "imaging/byte_reader.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

// GIF89a specification, sections 18 to 26.
constexpr std::size_t signature_bytes = 6;
constexpr std::uint8_t image_separator = 0x2C;
constexpr std::uint8_t extension_introducer = 0x21;
constexpr std::uint8_t trailer = 0x3B;

/// Bytes of the colour table that a packed field announces, 0 for none.
std::uint32_t colour_table_bytes(std::uint8_t packed) {
  const bool present = (packed & 0x80U) != 0;
  return present ? 3U * (2U << (packed & 7U)) : 0;
}

void skip_sub_blocks(ByteReader& reader) {
  for (std::uint8_t length = reader.u8(); length != 0 && reader.ok(); length = reader.u8()) {
    reader.skip(length);
  }
}

void skip_first_image(ByteReader& reader) {
  reader.skip(8);  // Place and size.
  reader.skip(colour_table_bytes(reader.u8()));
  reader.skip(1);  // LZW code size.
  skip_sub_blocks(reader);
}

}  // namespace

tl::expected<FileHeader, Error> read_gif_header(std::span<const std::byte> file) {
  ByteReader reader(file, signature_bytes);
  FileHeader header;
  header.width = reader.u16_le();
  header.height = reader.u16_le();
  if (!reader.ok()) return cut_off("GIF");
  return header;
}

tl::expected<void, Error> check_gif(std::span<const std::byte> file) {
  ByteReader reader(file, signature_bytes + 4);
  const std::uint8_t packed = reader.u8();
  reader.skip(2);
  reader.skip(colour_table_bytes(packed));
  while (reader.ok()) {
    const std::uint8_t block = reader.u8();
    if (!reader.ok()) break;
    if (block == image_separator) {
      skip_first_image(reader);
      if (!reader.ok()) break;
      return {};
    }
    if (block == trailer) return corrupt("the GIF holds no picture");
    if (block != extension_introducer) return corrupt("the GIF has an unknown block");
    reader.skip(1);
    skip_sub_blocks(reader);
  }
  return cut_off("GIF");
}

}  // namespace darkroom::imaging
