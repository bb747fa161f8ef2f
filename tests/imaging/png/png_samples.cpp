#include "tests/imaging/png/png_samples.hpp"

#include <random>
#include <utility>

#include "imaging/formats/png_layout.hpp"

namespace darkroom::imaging::testing {
namespace {

using Random = std::mt19937;

void add_rows(const PngHeader& header, Size size, Random& random, std::vector<std::uint8_t>& rows) {
  for (std::uint32_t y = 0; y < size.height; ++y) {
    rows.push_back(static_cast<std::uint8_t>(random() % 5));
    for (std::uint64_t i = 0; i < row_bytes(header, size.width); ++i) {
      // Few values, so that a transparent colour is met.
      rows.push_back(static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0));
    }
  }
}

EncodedImage transparency_chunk(const PngHeader& header, Random& random) {
  FileBuilder data;
  if (header.colour == png_palette_colour) {
    for (std::uint32_t i = 0; i < (1U << header.depth); ++i)
      data.u8(random() % 256);
  } else {
    for (std::uint32_t i = 0; i < samples_per_pixel(header); ++i)
      data.u16_be(0);
  }
  return png_chunk("tRNS", data.file());
}

}  // namespace

std::vector<PngHeader> every_png_kind(std::uint32_t width, std::uint32_t height) {
  constexpr std::pair<int, int> kinds[] = {{0, 1}, {0, 2},  {0, 4},  {0, 8}, {0, 16},
                                           {2, 8}, {2, 16}, {3, 1},  {3, 2}, {3, 4},
                                           {3, 8}, {4, 8},  {4, 16}, {6, 8}, {6, 16}};
  std::vector<PngHeader> headers;
  for (const auto& [colour, depth] : kinds) {
    for (const bool interlaced : {false, true}) {
      headers.push_back({.width = width,
                         .height = height,
                         .depth = static_cast<std::uint8_t>(depth),
                         .colour = static_cast<std::uint8_t>(colour),
                         .interlaced = interlaced});
    }
  }
  return headers;
}

EncodedImage random_png(const PngHeader& header, bool transparency, std::uint32_t seed) {
  Random random(seed);
  std::vector<std::uint8_t> rows;
  if (header.interlaced) {
    for (const PngPass& pass : adam7)
      add_rows(header, pass_size(header, pass), random, rows);
  } else {
    add_rows(header, {header.width, header.height}, random, rows);
  }
  std::vector<std::uint8_t> palette;
  if (header.colour == png_palette_colour) {
    for (std::uint32_t i = 0; i < (3U << header.depth); ++i)
      palette.push_back(static_cast<std::uint8_t>(random()));
  }
  auto file = png_file(header.width, header.height, header.depth, header.colour, rows, palette);
  if (header.interlaced) {
    // png_file writes headers without interlacing.
    FileBuilder ihdr;
    ihdr.u32_be(header.width).u32_be(header.height).u8(header.depth).u8(header.colour);
    ihdr.u8(0).u8(0).u8(1);
    const auto chunk = png_chunk("IHDR", ihdr.file());
    std::copy(chunk.begin(), chunk.end(), file.begin() + 8);
  }
  if (!transparency) return file;
  const auto chunk = transparency_chunk(header, random);
  const std::size_t behind_header = 33;
  const std::size_t at = behind_header + (palette.empty() ? 0 : palette.size() + 12);
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(at), chunk.begin(), chunk.end());
  return file;
}

EncodedImage with_chunk(const EncodedImage& png, const EncodedImage& chunk) {
  return FileBuilder()
      .append({png.begin(), png.begin() + 33})
      .append(chunk)
      .append({png.begin() + 33, png.end()})
      .file();
}

}  // namespace darkroom::imaging::testing
