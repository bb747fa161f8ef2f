#include "imaging/formats/png_file.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/formats/exif.hpp"
#include "imaging/formats/png_chunks.hpp"
#include "imaging/formats/png_layout.hpp"
#include "imaging/formats/png_pixel_data.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::string_view signature("\x89PNG\r\n\x1A\n");

tl::expected<PngHeader, Error> read_first_chunk(std::span<const std::byte> file,
                                                PngChunks& chunks) {
  if (!has_at(file, 0, signature)) {
    return corrupt("the PNG signature is damaged, as by a transfer in text mode");
  }
  const auto chunk = chunks.next();
  if (!chunk) return tl::unexpected(chunk.error());
  if (chunk->type == "CgBI") return unsupported("a PNG in Apple's private CgBI form");
  if (chunk->type != "IHDR") return corrupt("the PNG does not begin with its header");
  return parse_png_header(chunk->data);
}

bool is_critical(const PngChunk& chunk) {
  return (static_cast<unsigned char>(chunk.type.front()) & 0x20U) == 0;
}

/// Notes what describes the pixels, the first of each kind.
void note(const PngChunk& chunk, PngParts& parts) {
  const auto keep = [&](std::span<const std::byte>& part) {
    if (part.empty() && has_right_checksum(chunk)) part = chunk.data;
  };
  if (chunk.type == "PLTE") keep(parts.palette);
  if (chunk.type == "tRNS") keep(parts.transparency);
  if (chunk.type == "iCCP") keep(parts.profile);
  if (chunk.type == "eXIf") keep(parts.exif);
  if (chunk.type == "gAMA") keep(parts.gamma);
  if (chunk.type == "cHRM") keep(parts.chromaticities);
  if (chunk.type == "sRGB") parts.srgb = true;
  if (chunk.type == "IDAT") parts.pixel_data.push_back(chunk.data);
}

tl::expected<void, Error> check_chunk(const PngChunk& chunk) {
  // Damage in a chunk that only describes the picture leaves the pixels right.
  if (!is_critical(chunk) && chunk.type != "tRNS") return {};
  if (!has_right_checksum(chunk)) {
    return corrupt("the checksum of a PNG chunk (" + std::string(chunk.type) + ") does not match");
  }
  const bool known = chunk.type == "IHDR" || chunk.type == "PLTE" || chunk.type == "IDAT" ||
                     chunk.type == "IEND" || chunk.type == "tRNS";
  if (!known) return unsupported("a PNG with an unknown critical chunk");
  const bool palette_ok = !chunk.data.empty() && chunk.data.size() % 3 == 0 &&
                          chunk.data.size() <= std::size_t{256} * 3;
  if (chunk.type == "PLTE" && !palette_ok) return corrupt("the PNG palette is damaged");
  return {};
}

/// Of a decoded pixel, without alpha.
std::uint32_t colours_of(const PngHeader& header) {
  constexpr std::uint8_t has_colour = 2;  // A bit of the colour type.
  return (header.colour & has_colour) != 0 ? 3 : 1;
}

}  // namespace

tl::expected<FileHeader, Error> read_png_header(std::span<const std::byte> file) {
  PngChunks chunks(file);
  const auto header = read_first_chunk(file, chunks);
  if (!header) return tl::unexpected(header.error());
  constexpr std::uint8_t has_alpha = 4;  // A bit of the colour type.
  std::uint32_t pieces = 0;
  bool srgb = false;
  bool gamma = false;
  FileHeader result{
      .width = header->width, .height = header->height, .alpha = (header->colour & has_alpha) != 0};
  // A file that breaks off later still has a header; the decoder tells its damage.
  for (auto chunk = chunks.next(); chunk && chunk->type != "IEND"; chunk = chunks.next()) {
    if (chunk->type == "eXIf") result.orientation = exif_orientation(chunk->data);
    if (chunk->type == "tRNS") result.alpha = true;
    if (chunk->type == "acTL") {
      result.frames = std::max(1U, ByteReader(chunk->data).u32_be());
    }
    if (chunk->type == "iCCP") result.stored.profile = true;
    if (chunk->type == "sRGB") srgb = true;
    if (chunk->type == "gAMA") gamma = true;
    if (chunk->type == "IDAT") ++pieces;
  }
  if (gamma && !srgb) result.stored.profile = true;
  result.stored.channels = colours_of(*header) + (result.alpha ? 1 : 0);
  result.stored.samples = samples_per_pixel(*header);
  result.stored.expanded =
      header->colour == png_palette_colour || (result.alpha && (header->colour & has_alpha) == 0);
  result.stored.depth = header->depth;
  result.stored.several_passes = header->interlaced;
  result.stored.in_pieces = pieces > 1;
  return result;
}

tl::expected<void, Error> check_png(std::span<const std::byte> file) {
  PngChunks chunks(file);
  const auto header = read_first_chunk(file, chunks);
  if (!header) return tl::unexpected(header.error());
  PngChunks all(file);
  PngPixelData pixel_data(*header);
  bool has_palette = header->colour != png_palette_colour;
  while (true) {
    const auto chunk = all.next();
    if (!chunk) return tl::unexpected(chunk.error());
    if (auto checked = check_chunk(*chunk); !checked) return checked;
    if (chunk->type == "IEND") return pixel_data.finish();
    if (chunk->type == "PLTE") has_palette = true;
    if (chunk->type != "IDAT") continue;
    if (!has_palette) return corrupt("the PNG has no palette");
    if (auto taken = pixel_data.take(chunk->data); !taken) return taken;
  }
}

tl::expected<PngParts, Error> read_png_parts(std::span<const std::byte> file) {
  PngChunks first(file);
  const auto header = read_first_chunk(file, first);
  if (!header) return tl::unexpected(header.error());
  PngParts parts{.header = *header};
  PngChunks chunks(file);
  auto chunk = chunks.next();
  for (; chunk && chunk->type != "IEND"; chunk = chunks.next()) {
    if (auto checked = check_chunk(*chunk); !checked) return tl::unexpected(checked.error());
    note(*chunk, parts);
  }
  if (!chunk) return tl::unexpected(chunk.error());
  if (auto checked = check_chunk(*chunk); !checked) return tl::unexpected(checked.error());
  if (parts.pixel_data.empty()) return cut_off("PNG");
  if (header->colour == png_palette_colour && parts.palette.empty()) {
    return corrupt("the PNG has no palette");
  }
  return parts;
}

std::optional<std::vector<std::byte>> with_full_palette(std::span<const std::byte> file) {
  PngChunks chunks(file);
  const auto header = read_first_chunk(file, chunks);
  if (!header || header->colour != png_palette_colour) return std::nullopt;
  const std::size_t needed = (std::size_t{1} << header->depth) * 3;
  auto chunk = chunks.next();
  while (chunk && chunk->type != "PLTE")
    chunk = chunks.next();
  if (!chunk || chunk->data.size() >= needed) return std::nullopt;

  std::vector<std::byte> copy(file.begin(), file.end());
  const auto length = copy.begin() + static_cast<std::ptrdiff_t>(chunk->offset);
  length[2] = static_cast<std::byte>(needed >> 8U);
  length[3] = static_cast<std::byte>(needed);
  const auto palette_end = length + 8 + static_cast<std::ptrdiff_t>(chunk->data.size());
  copy.insert(palette_end, needed - chunk->data.size(), std::byte{0});
  return copy;
}

}  // namespace darkroom::imaging
