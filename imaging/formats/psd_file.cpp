#include "imaging/formats/psd_file.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

/// The file header section of Adobe's Photoshop file format specification.
struct PsdHeader {
  std::uint16_t version = 0;
  std::uint16_t channels = 0;
  std::uint32_t height = 0;
  std::uint32_t width = 0;
  std::uint16_t depth = 0;
  std::uint16_t colour_mode = 0;
};

constexpr std::uint16_t mode_rgb = 3;

/// Channels that stb_image reads: red, green, blue, alpha.
constexpr std::uint16_t decoded_channels = 4;

PsdHeader parse(ByteReader& reader) {
  PsdHeader header;
  reader.skip(4);
  header.version = reader.u16_be();
  reader.skip(6);
  header.channels = reader.u16_be();
  header.height = reader.u32_be();
  header.width = reader.u32_be();
  header.depth = reader.u16_be();
  header.colour_mode = reader.u16_be();
  return header;
}

std::string_view mode_name(std::uint16_t mode) {
  switch (mode) {
    case 0:
      return "black and white";
    case 1:
      return "greyscale";
    case 2:
      return "indexed";
    case 4:
      return "CMYK";
    case 9:
      return "Lab";
    default:
      return "special";
  }
}

/// Passes over one channel in PackBits coding, as stb_image reads it: across row ends.
bool skip_packed_channel(ByteReader& reader, std::uint64_t pixels) {
  while (pixels > 0) {
    const std::uint32_t head = reader.u8();
    constexpr std::uint32_t no_operation = 128;
    std::uint64_t count = 0;
    if (head < no_operation) {
      count = head + 1U;
      reader.skip(count);
    } else if (head > no_operation) {
      count = 257U - head;
      reader.skip(1);
    }
    if (!reader.ok() || count > pixels) return false;
    pixels -= count;
  }
  return true;
}

}  // namespace

tl::expected<FileHeader, Error> read_psd_header(std::span<const std::byte> file) {
  ByteReader reader(file);
  const PsdHeader header = parse(reader);
  if (!reader.ok()) return cut_off("PSD");
  if (header.version == 2) return unsupported("a large Photoshop document (PSB)");
  if (header.version != 1 || header.channels == 0 || header.channels > 56) {
    return corrupt("the PSD header is damaged");
  }
  if (header.colour_mode != mode_rgb) {
    return unsupported("a PSD in " + std::string(mode_name(header.colour_mode)) + " mode, not RGB");
  }
  if (header.channels < 3 || header.channels > 16) {
    return unsupported("a PSD with " + std::to_string(header.channels) + " channels");
  }
  if (header.depth != 8 && header.depth != 16) {
    return unsupported("a PSD with " + std::to_string(header.depth) + " bits a channel");
  }
  return FileHeader{.width = header.width,
                    .height = header.height,
                    .alpha = header.channels >= decoded_channels,
                    .stored = {.channels = decoded_channels, .depth = header.depth}};
}

tl::expected<void, Error> check_psd(std::span<const std::byte> file) {
  ByteReader reader(file);
  const PsdHeader header = parse(reader);
  constexpr int sections = 3;  // Colour mode data, image resources, layers.
  for (int i = 0; i < sections; ++i)
    reader.skip(reader.u32_be());
  const std::uint16_t compression = reader.u16_be();
  if (!reader.ok()) return cut_off("PSD");

  const auto pixels = std::uint64_t{header.width} * header.height;
  const std::uint64_t channels = std::min(header.channels, decoded_channels);
  if (compression == 0) {
    if (reader.remaining() < pixels * channels * (header.depth / 8U)) return cut_off("PSD");
    return {};
  }
  if (compression != 1) return unsupported("a PSD with ZIP compression");
  // stb_image takes each coded byte for a whole sample.
  if (header.depth != 8) return unsupported("a PSD with 16 bits a channel and run-length coding");
  reader.skip(std::uint64_t{header.height} * header.channels * 2);
  for (std::uint64_t channel = 0; channel < channels; ++channel) {
    if (!skip_packed_channel(reader, pixels)) return cut_off("PSD");
  }
  return {};
}

}  // namespace darkroom::imaging
