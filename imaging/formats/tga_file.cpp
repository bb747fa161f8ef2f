#include "imaging/formats/tga_file.hpp"

#include <cstdint>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::uint8_t run_length_coded = 8;  // Added to the image type.

/// Truevision TGA specification 2.0, the fields 1 to 5.
struct TgaHeader {
  std::uint8_t id_bytes = 0;
  std::uint8_t map_type = 0;
  std::uint8_t image_type = 0;
  std::uint16_t map_start = 0;
  std::uint16_t map_length = 0;
  std::uint8_t map_bits = 0;
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  std::uint8_t bits = 0;
  std::uint8_t descriptor = 0;

  [[nodiscard]] bool is_coded() const { return image_type >= run_length_coded; }
  [[nodiscard]] std::uint32_t bytes_per_pixel() const { return (bits + 7U) / 8U; }
};

TgaHeader parse(ByteReader& reader) {
  TgaHeader header;
  header.id_bytes = reader.u8();
  header.map_type = reader.u8();
  header.image_type = reader.u8();
  header.map_start = reader.u16_le();
  header.map_length = reader.u16_le();
  header.map_bits = reader.u8();
  reader.skip(4);
  header.width = reader.u16_le();
  header.height = reader.u16_le();
  header.bits = reader.u8();
  header.descriptor = reader.u8();
  return header;
}

/// A palette picture; an offset into the palette is left out, because stb_image takes it for bytes.
bool is_plausible_mapped(const TgaHeader& header) {
  const bool known_map = header.map_bits == 15 || header.map_bits == 16 || header.map_bits == 24 ||
                         header.map_bits == 32;
  return known_map && header.map_length > 0 && header.map_start == 0 &&
         (header.bits == 8 || header.bits == 16);
}

bool is_plausible_direct(const TgaHeader& header) {
  if (header.map_length != 0 || header.map_start != 0) return false;
  const std::uint8_t kind = header.image_type & 7U;
  if (kind == 3) return header.bits == 8 || header.bits == 16;
  return header.bits == 15 || header.bits == 16 || header.bits == 24 || header.bits == 32;
}

bool is_plausible(const TgaHeader& header) {
  if (header.width == 0 || header.height == 0) return false;
  constexpr std::uint8_t reserved = 0xC0;
  const std::uint8_t alpha_bits = header.descriptor & 0x0FU;
  if ((header.descriptor & reserved) != 0 || alpha_bits > 8) return false;
  switch (header.image_type) {
    case 1:
    case 9:
      return header.map_type == 1 && is_plausible_mapped(header);
    case 2:
    case 3:
    case 10:
    case 11:
      return header.map_type == 0 && is_plausible_direct(header);
    default:
      return false;
  }
}

bool can_have_alpha(const TgaHeader& header) {
  if (header.map_type == 1) return header.map_bits == 32;
  const bool grey_alpha = (header.image_type & 7U) == 3 && header.bits == 16;
  return grey_alpha || (header.bits == 32 && (header.descriptor & 0x0FU) != 0);
}

/// Of a decoded pixel.
std::uint32_t channels_of(const TgaHeader& header) {
  if (can_have_alpha(header)) return (header.image_type & 7U) == 3 ? 2 : 4;
  return (header.image_type & 7U) == 3 ? 1 : 3;
}

/// Passes over the packets that make up `pixels` pixels; false where the data do not suffice.
bool skip_packets(ByteReader& reader, std::uint64_t pixels, std::uint32_t bytes_per_pixel) {
  while (pixels > 0) {
    const std::uint8_t head = reader.u8();
    const std::uint64_t count = (head & 0x7FU) + 1U;
    const bool repeats = (head & 0x80U) != 0;
    reader.skip(repeats ? bytes_per_pixel : count * bytes_per_pixel);
    if (!reader.ok()) return false;
    pixels -= count < pixels ? count : pixels;
  }
  return true;
}

}  // namespace

bool is_plausible_tga(std::span<const std::byte> file) {
  ByteReader reader(file);
  const TgaHeader header = parse(reader);
  return reader.ok() && is_plausible(header);
}

tl::expected<FileHeader, Error> read_tga_header(std::span<const std::byte> file) {
  ByteReader reader(file);
  const TgaHeader header = parse(reader);
  const bool right_to_left = (header.descriptor & 0x10U) != 0;
  return FileHeader{.width = header.width,
                    .height = header.height,
                    .orientation = right_to_left ? Orientation::mirrored : Orientation::normal,
                    .alpha = can_have_alpha(header),
                    .stored = {.channels = channels_of(header)}};
}

tl::expected<void, Error> check_tga(std::span<const std::byte> file) {
  ByteReader reader(file);
  const TgaHeader header = parse(reader);
  reader.skip(header.id_bytes);
  reader.skip(std::uint64_t{header.map_length} * ((header.map_bits + 7U) / 8U));
  const auto pixels = std::uint64_t{header.width} * header.height;
  if (header.is_coded()) {
    if (!skip_packets(reader, pixels, header.bytes_per_pixel())) return cut_off("TGA");
    return {};
  }
  if (!reader.ok() || reader.remaining() < pixels * header.bytes_per_pixel()) {
    return cut_off("TGA");
  }
  return {};
}

bool has_meaningless_alpha(std::span<const std::byte> tga_file) {
  ByteReader reader(tga_file);
  const TgaHeader header = parse(reader);
  return header.map_type == 0 && header.bits == 32 && (header.descriptor & 0x0FU) == 0;
}

}  // namespace darkroom::imaging
