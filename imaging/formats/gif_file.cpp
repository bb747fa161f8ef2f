#include "imaging/formats/gif_file.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

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

/// What stands behind an image separator, up to the pixels.
struct ImageDescriptor {
  std::uint16_t left = 0;
  std::uint16_t top = 0;
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  bool interlaced = false;
  std::span<const std::byte> palette;  ///< Of this image alone; empty where it has none.
};

/// Reads the colour table that a packed field announces.
std::span<const std::byte> read_colour_table(ByteReader& reader, std::span<const std::byte> file,
                                             std::uint8_t packed) {
  const std::size_t start = reader.position();
  const std::size_t bytes = colour_table_bytes(packed);
  reader.skip(bytes);
  return reader.ok() ? file.subspan(start, bytes) : std::span<const std::byte>{};
}

/// The global colour table, behind the canvas's size.
std::span<const std::byte> read_global_table(ByteReader& reader, std::span<const std::byte> file) {
  const std::uint8_t packed = reader.u8();
  reader.skip(2);  // The background colour and the aspect ratio, which browsers do not heed.
  return read_colour_table(reader, file, packed);
}

ImageDescriptor read_descriptor(ByteReader& reader, std::span<const std::byte> file) {
  ImageDescriptor image;
  image.left = reader.u16_le();
  image.top = reader.u16_le();
  image.width = reader.u16_le();
  image.height = reader.u16_le();
  const std::uint8_t packed = reader.u8();
  image.interlaced = (packed & 0x40U) != 0;
  image.palette = read_colour_table(reader, file, packed);
  return image;
}

/// Goes past the pixels; returns how many colours they can name.
std::size_t skip_pixels(ByteReader& reader) {
  constexpr std::uint8_t largest_code_size = 8;
  const std::size_t colours = std::size_t{1} << std::min(reader.u8(), largest_code_size);
  skip_sub_blocks(reader);
  return colours;
}

/// Goes past an extension. A graphic control extension says anew which colour is transparent.
void read_extension(ByteReader& reader, std::optional<std::uint8_t>& transparent) {
  constexpr std::uint8_t graphic_control = 0xF9;
  constexpr std::uint8_t graphic_control_bytes = 4;
  const std::uint8_t label = reader.u8();
  ByteReader fields = reader;
  if (label == graphic_control && fields.u8() == graphic_control_bytes) {
    const bool names_a_colour = (fields.u8() & 1U) != 0;
    fields.skip(2);  // The delay.
    const std::uint8_t colour = fields.u8();
    if (fields.ok()) transparent = names_a_colour ? std::optional(colour) : std::nullopt;
  }
  skip_sub_blocks(reader);
}

bool covers(const ImageDescriptor& image, const FileHeader& canvas) {
  return image.left == 0 && image.top == 0 && image.width >= canvas.width &&
         image.height >= canvas.height;
}

/// Reads the first image; `frame` has the canvas, the global palette and the transparent colour.
tl::expected<GifFrame, Error> read_image(ByteReader reader, std::span<const std::byte> file,
                                         GifFrame frame) {
  const ImageDescriptor image = read_descriptor(reader, file);
  const std::size_t start = reader.position();
  skip_pixels(reader);
  if (!reader.ok()) return cut_off("GIF");
  if (std::uint32_t{image.left} + image.width > frame.canvas.width ||
      std::uint32_t{image.top} + image.height > frame.canvas.height) {
    return corrupt("the GIF's picture reaches beyond its canvas");
  }
  frame.left = image.left;
  frame.top = image.top;
  frame.size = {image.width, image.height};
  frame.interlaced = image.interlaced;
  if (!image.palette.empty()) frame.palette = image.palette;
  if (frame.palette.empty()) return corrupt("the GIF has no colour table");
  frame.data = file.subspan(start, reader.position() - start);
  return frame;
}

/// Counts the images up to the trailer, or to the first damage: the decoder tells that.
void read_frames(ByteReader reader, std::span<const std::byte> file, FileHeader& header) {
  const auto global_palette = read_global_table(reader, file);
  std::optional<std::uint8_t> transparent;
  std::uint32_t images = 0;
  while (reader.remaining() > 0) {
    const std::uint8_t block = reader.u8();
    if (block == extension_introducer) {
      read_extension(reader, transparent);
    } else if (block == image_separator) {
      const ImageDescriptor image = read_descriptor(reader, file);
      const std::size_t colours = skip_pixels(reader);
      if (images == 0) {
        const auto& palette = image.palette.empty() ? global_palette : image.palette;
        header.alpha = transparent || !covers(image, header) || palette.size() < 3 * colours;
      }
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
  read_frames(reader, file, header);
  header.stored.channels = header.alpha ? 4 : 3;
  return header;
}

tl::expected<GifFrame, Error> parse_gif(std::span<const std::byte> file) {
  ByteReader reader(file, signature_bytes);
  GifFrame frame;
  frame.canvas.width = reader.u16_le();
  frame.canvas.height = reader.u16_le();
  frame.palette = read_global_table(reader, file);
  while (reader.ok()) {
    const std::uint8_t block = reader.u8();
    if (!reader.ok()) break;
    if (block == image_separator) return read_image(reader, file, frame);
    if (block == trailer) return corrupt("the GIF holds no picture");
    if (block != extension_introducer) return corrupt("the GIF has an unknown block");
    read_extension(reader, frame.transparent);
  }
  return cut_off("GIF");
}

tl::expected<void, Error> check_gif(std::span<const std::byte> file) {
  const auto frame = parse_gif(file);
  if (!frame) return tl::unexpected(frame.error());
  if (auto pixels = read_gif_pixels(frame->data, frame->size); !pixels) {
    return tl::unexpected(std::move(pixels.error()));
  }
  return {};
}

}  // namespace darkroom::imaging
