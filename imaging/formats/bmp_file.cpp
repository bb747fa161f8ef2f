#include "imaging/formats/bmp_file.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::uint32_t file_header_bytes = 14;
constexpr std::uint32_t core_header = 12;  // OS/2 1.x
constexpr std::uint32_t info_header = 40;
constexpr std::uint32_t v3_header = 56;
constexpr std::uint32_t compression_none = 0;
constexpr std::uint32_t compression_bit_fields = 3;
constexpr std::uint32_t largest_palette = 256;

struct BmpHeader {
  std::uint32_t pixel_offset = 0;
  std::uint32_t header_bytes = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint16_t planes = 0;
  std::uint16_t bits = 0;  ///< A pixel.
  std::uint32_t compression = compression_none;
};

BmpHeader parse(ByteReader& reader) {
  BmpHeader header;
  reader.skip(10);
  header.pixel_offset = reader.u32_le();
  header.header_bytes = reader.u32_le();
  if (header.header_bytes == core_header) {
    header.width = reader.u16_le();
    header.height = reader.u16_le();
  } else {
    header.width = reader.u32_le();
    header.height = reader.u32_le();
    constexpr std::uint32_t sign = 0x8000'0000;  // A negative height: rows from top to bottom.
    if ((header.height & sign) != 0) header.height = ~header.height + 1;
  }
  header.planes = reader.u16_le();
  header.bits = reader.u16_le();
  if (header.header_bytes != core_header) header.compression = reader.u32_le();
  return header;
}

tl::expected<void, Error> check_kind(const BmpHeader& header) {
  constexpr std::array<std::uint32_t, 5> known{core_header, info_header, v3_header, 108, 124};
  if (std::find(known.begin(), known.end(), header.header_bytes) == known.end()) {
    return unsupported("a BMP with a rare header of " + std::to_string(header.header_bytes) +
                       " bytes");
  }
  if (header.planes != 1) return corrupt("the BMP header is damaged");
  if (header.compression == 1 || header.compression == 2) {
    return unsupported("a BMP with run-length coding");
  }
  if (header.compression > compression_bit_fields) {
    return unsupported("a BMP that wraps another format");
  }
  constexpr std::array<std::uint16_t, 6> depths{1, 4, 8, 16, 24, 32};
  if (std::find(depths.begin(), depths.end(), header.bits) == depths.end()) {
    return unsupported("a BMP with " + std::to_string(header.bits) + " bits a pixel");
  }
  const bool bit_fields = header.compression == compression_bit_fields;
  if (bit_fields && header.bits != 16 && header.bits != 32) {
    return corrupt("the BMP header is damaged");
  }
  // stb_image 2.27 takes these from the wrong place in the file.
  if (bit_fields && header.header_bytes == v3_header) {
    return unsupported("a BMP with a rare header of 56 bytes and bit fields");
  }
  if (header.header_bytes == core_header && header.bits != 24) {
    return unsupported("a BMP of OS/2 1.x with a palette");
  }
  const bool masks_follow = bit_fields && header.header_bytes == info_header;
  const std::uint32_t header_end =
      file_header_bytes + header.header_bytes + (masks_follow ? 12U : 0U);
  if (header.bits > 8 && header.pixel_offset != header_end) {
    return unsupported("a BMP whose pixels do not follow its header at once");
  }
  return {};
}

bool can_have_alpha(const BmpHeader& header) {
  const bool has_alpha_mask =
      header.compression == compression_bit_fields && header.header_bytes > v3_header;
  return header.bits == 32 || (header.bits == 16 && has_alpha_mask);
}

/// Rows are filled up to whole groups of four bytes.
std::uint64_t row_bytes(const BmpHeader& header) {
  return (std::uint64_t{header.width} * header.bits + 31) / 32 * 4;
}

bool names_missing_colour(std::span<const std::byte> row, const BmpHeader& header,
                          std::uint32_t colours) {
  const std::uint32_t mask = (1U << header.bits) - 1;
  const std::uint32_t per_byte = 8U / header.bits;
  for (std::uint32_t x = 0; x < header.width; ++x) {
    const auto byte = std::to_integer<std::uint32_t>(row[x / per_byte]);
    const std::uint32_t shift = 8U - header.bits * (x % per_byte + 1);
    if (((byte >> shift) & mask) >= colours) return true;
  }
  return false;
}

tl::expected<void, Error> check_palette(const BmpHeader& header, std::span<const std::byte> rows) {
  const std::uint32_t colours = (header.pixel_offset - file_header_bytes - header.header_bytes) / 4;
  if (colours == 0 || colours > largest_palette) return corrupt("the BMP palette is damaged");
  if (colours >= (1U << header.bits)) return {};
  const auto stride = static_cast<std::size_t>(row_bytes(header));
  for (std::size_t y = 0; y < header.height; ++y) {
    if (names_missing_colour(rows.subspan(y * stride, stride), header, colours)) {
      return corrupt("a pixel of the BMP names a colour that its palette does not have");
    }
  }
  return {};
}

}  // namespace

bool is_bmp(std::span<const std::byte> file) {
  if (!has_at(file, 0, "BM")) return false;
  const std::uint32_t size = ByteReader(file, std::min<std::size_t>(14, file.size())).u32_le();
  constexpr std::array<std::uint32_t, 9> known{12, 16, 40, 52, 56, 64, 108, 124, 128};
  return std::find(known.begin(), known.end(), size) != known.end();
}

tl::expected<FileHeader, Error> read_bmp_header(std::span<const std::byte> file) {
  ByteReader reader(file);
  const BmpHeader header = parse(reader);
  if (!reader.ok()) return cut_off("BMP");
  if (auto checked = check_kind(header); !checked) return tl::unexpected(checked.error());
  return FileHeader{.width = header.width,
                    .height = header.height,
                    .alpha = can_have_alpha(header),
                    .stored = {.channels = can_have_alpha(header) ? 4U : 3U}};
}

tl::expected<void, Error> check_bmp(std::span<const std::byte> file) {
  ByteReader reader(file);
  const BmpHeader header = parse(reader);
  const std::uint64_t size = row_bytes(header) * header.height;
  if (header.pixel_offset < file_header_bytes + header.header_bytes) {
    return corrupt("the BMP header is damaged");
  }
  // Writers leave out the filling of the last row now and then.
  constexpr std::uint64_t filling = 3;
  if (header.pixel_offset > file.size() ||
      file.size() - header.pixel_offset + filling < std::max(size, filling)) {
    return cut_off("BMP");
  }
  if (header.bits > 8) return {};
  if (file.size() - header.pixel_offset < size) return cut_off("BMP");
  return check_palette(header, file.subspan(header.pixel_offset));
}

}  // namespace darkroom::imaging
