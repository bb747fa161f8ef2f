#include "imaging/formats/hdr_file.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::size_t longest_line = 1'000;

struct HdrHeader {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::size_t pixels = 0;  ///< Offset of the first scanline.
};

std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.substr(0, longest_line).find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

bool take_number(std::string_view& text, std::string_view label, std::uint32_t& number) {
  if (!text.starts_with(label)) return false;
  text.remove_prefix(label.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

tl::expected<HdrHeader, Error> parse(std::span<const std::byte> file) {
  std::string_view text = as_text(file);
  bool is_rgbe = false;
  auto line = take_line(text);
  while (line && !line->empty()) {
    is_rgbe = is_rgbe || *line == "FORMAT=32-bit_rle_rgbe";
    line = take_line(text);
  }
  auto resolution = take_line(text);
  if (!line || !resolution) return cut_off("HDR");
  if (!is_rgbe) return unsupported("a Radiance picture whose colours are not RGBE");
  HdrHeader header;
  if (!take_number(*resolution, "-Y ", header.height) ||
      !take_number(*resolution, " +X ", header.width) || !resolution->empty()) {
    return unsupported("a Radiance picture with an unusual order of pixels");
  }
  header.pixels = file.size() - text.size();
  return header;
}

/// One colour component of a scanline: runs (a count over 128, one byte) and dumps (a count,
/// bytes).
bool skip_component(ByteReader& reader, std::uint32_t width) {
  while (width > 0) {
    std::uint32_t count = reader.u8();
    const bool run = count > 128;
    if (run) count -= 128;
    reader.skip(run ? 1 : count);
    if (!reader.ok() || count == 0 || count > width) return false;
    width -= count;
  }
  return true;
}

bool begins_coded_scanline(std::span<const std::byte> rest) {
  ByteReader reader(rest);
  return reader.u8() == 2 && reader.u8() == 2 && reader.u8() < 128 && reader.ok();
}

tl::expected<void, Error> check_flat(std::span<const std::byte> rest, const HdrHeader& header) {
  constexpr std::size_t pixel_bytes = 4;
  const auto pixels = std::uint64_t{header.width} * header.height;
  if (rest.size() / pixel_bytes < pixels) return cut_off("HDR");
  for (std::uint64_t i = 0; i < pixels; ++i) {
    // A pixel 1,1,1 repeats the one before it: the coding of Radiance's first versions.
    if (has_at(rest, static_cast<std::size_t>(i) * pixel_bytes, "\x01\x01\x01")) {
      return unsupported("a Radiance picture in the run-length coding of its first versions");
    }
  }
  return {};
}

}  // namespace

tl::expected<FileHeader, Error> read_hdr_header(std::span<const std::byte> file) {
  const auto header = parse(file);
  if (!header) return tl::unexpected(header.error());
  return FileHeader{.width = header->width, .height = header->height};
}

tl::expected<void, Error> check_hdr(std::span<const std::byte> file) {
  const auto header = parse(file);
  if (!header) return tl::unexpected(header.error());
  const auto rest = file.subspan(header->pixels);
  const bool may_be_coded = header->width >= 8 && header->width < 32'768;
  if (!may_be_coded || !begins_coded_scanline(rest)) return check_flat(rest, *header);
  ByteReader reader(rest);
  for (std::uint32_t y = 0; y < header->height; ++y) {
    const std::uint16_t mark = reader.u16_be();
    const std::uint16_t width = reader.u16_be();
    if (!reader.ok()) return cut_off("HDR");
    if (mark != 0x0202 || width != header->width) {
      return corrupt("a scanline of the HDR data is damaged");
    }
    for (int component = 0; component < 4; ++component) {
      if (skip_component(reader, width)) continue;
      if (!reader.ok()) return cut_off("HDR");
      return corrupt("a scanline of the HDR data is damaged");
    }
  }
  return {};
}

}  // namespace darkroom::imaging
