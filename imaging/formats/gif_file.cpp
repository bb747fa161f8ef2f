#include "imaging/formats/gif_file.hpp"

#include <algorithm>
#include <cstdint>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/formats/gif_pixel_data.hpp"
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

struct GifImage {
  std::uint16_t left = 0;
  std::uint16_t top = 0;
  std::uint16_t width = 0;
  std::uint16_t height = 0;
};

/// Behind the image separator, up to the pixels.
GifImage read_image(ByteReader& reader) {
  GifImage image;
  image.left = reader.u16_le();
  image.top = reader.u16_le();
  image.width = reader.u16_le();
  image.height = reader.u16_le();
  reader.skip(colour_table_bytes(reader.u8()));
  return image;
}

void skip_pixels(ByteReader& reader) {
  reader.skip(1);  // LZW code size.
  skip_sub_blocks(reader);
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

tl::expected<void, Error> check_image(ByteReader reader) {
  const GifImage image = read_image(reader);
  ByteReader behind = reader;
  skip_pixels(behind);
  if (!behind.ok()) return cut_off("GIF");
  const std::uint64_t size = std::uint64_t{image.width} * image.height;
  const auto pixels = count_gif_pixels(reader, size);
  if (!pixels) return corrupt("the GIF data is damaged");
  if (*pixels < size) return cut_off("GIF");
  return {};
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
      const GifImage image = read_image(reader);
      skip_pixels(reader);
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
    if (block == image_separator) return check_image(reader);
    if (block == trailer) return corrupt("the GIF holds no picture");
    if (block != extension_introducer) return corrupt("the GIF has an unknown block");
    reader.skip(1);
    skip_sub_blocks(reader);
  }
  return cut_off("GIF");
}

}  // namespace darkroom::imaging
