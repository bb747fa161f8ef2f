#include "imaging/formats/gif_file.hpp"

#include <algorithm>
#include <cstdint>

#include "imaging/formats/byte_reader.hpp"
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

/// Behind the image separator.
struct GifImage {
  std::uint16_t left = 0;
  std::uint16_t top = 0;
  std::uint16_t width = 0;
  std::uint16_t height = 0;
};

GifImage skip_image(ByteReader& reader) {
  GifImage image;
  image.left = reader.u16_le();
  image.top = reader.u16_le();
  image.width = reader.u16_le();
  image.height = reader.u16_le();
  reader.skip(colour_table_bytes(reader.u8()));
  reader.skip(1);  // LZW code size.
  skip_sub_blocks(reader);
  return image;
}

/// True for a graphic control extension that names a transparent colour.
bool skip_extension(ByteReader& reader) {
  constexpr std::uint8_t graphic_control = 0xF9;
  const std::uint8_t label = reader.u8();
  bool transparent = false;
  if (label == graphic_control && reader.remaining() > 2) {
    ByteReader fields = reader;
    fields.skip(1);
    transparent = (fields.u8() & 1U) != 0;
  }
  skip_sub_blocks(reader);
  return transparent;
}

bool covers(const GifImage& image, const FileHeader& canvas) {
  return image.left == 0 && image.top == 0 && image.width >= canvas.width &&
         image.height >= canvas.height;
}

/// Counts the images up to the trailer, or to the first damage: the decoder tells that.
void read_frames(ByteReader reader, FileHeader& header) {
  const std::uint8_t packed = reader.u8();
  reader.skip(2);
  reader.skip(colour_table_bytes(packed));
  std::uint32_t images = 0;
  while (reader.remaining() > 0) {
    const std::uint8_t block = reader.u8();
    if (block == extension_introducer) {
      const bool transparent = skip_extension(reader);
      if (images == 0 && transparent) header.alpha = true;
    } else if (block == image_separator) {
      const GifImage image = skip_image(reader);
      if (images == 0 && !covers(image, header)) header.alpha = true;
      ++images;
    } else {
      break;
    }
  }
  header.frames = std::max(1U, images);
}

}  // namespace

tl::expected<FileHeader, Error> read_gif_header(std::span<const std::byte> file) {
  ByteReader reader(file, signature_bytes);
  FileHeader header;
  header.width = reader.u16_le();
  header.height = reader.u16_le();
  if (!reader.ok()) return cut_off("GIF");
  read_frames(reader, header);
  header.stored.channels = 4;
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
      skip_image(reader);
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
