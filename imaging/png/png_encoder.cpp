#include "imaging/png/png_encoder.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <libdeflate.h>

#include "imaging/formats/exif.hpp"
#include "imaging/pixels/ycc.hpp"
#include "imaging/png/filter.hpp"
#include "imaging/png/palette.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

using Bytes = std::vector<std::byte>;

/// libdeflate's compression levels for the efforts 0 to 9.
constexpr std::array<int, 10> levels{1, 2, 3, 4, 6, 7, 8, 9, 10, 12};

void append(EncodedImage& file, std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
  file.insert(file.end(), bytes, bytes + text.size());
}

void append(EncodedImage& file, std::uint32_t number) {
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    file.push_back(static_cast<std::byte>(number >> shift));
}

void append_chunk(EncodedImage& file, std::string_view type, std::span<const std::byte> data) {
  append(file, static_cast<std::uint32_t>(data.size()));
  const std::size_t start = file.size();
  append(file, type);
  file.insert(file.end(), data.begin(), data.end());
  append(file, libdeflate_crc32(0, file.data() + start, file.size() - start));
}

void append_header(EncodedImage& file, Size size, int depth, int colour) {
  EncodedImage data;
  append(data, size.width);
  append(data, size.height);
  for (const int value : {depth, colour, 0, 0, 0})
    data.push_back(static_cast<std::byte>(value));
  append_chunk(file, "IHDR", data);
}

void append_palette(EncodedImage& file, const IndexedPicture& picture) {
  Bytes colours;
  Bytes alphas;
  for (const auto& colour : picture.palette) {
    for (const std::size_t c : {0U, 1U, 2U})
      colours.push_back(std::byte{colour.at(c)});
    if (colour[3] != 255) alphas.push_back(std::byte{colour[3]});
  }
  append_chunk(file, "PLTE", colours);
  if (!alphas.empty()) append_chunk(file, "tRNS", alphas);
}

/// The rows of indices, packed, each behind the filter type "none", which suits palettes best.
std::vector<std::uint8_t> packed_rows(const IndexedPicture& picture, Size size) {
  const auto depth = static_cast<std::size_t>(picture.depth);
  const std::size_t bytes = (size.width * depth + 7) / 8;
  std::vector<std::uint8_t> rows((bytes + 1) * size.height);
  const std::uint8_t* index = picture.indices.data();
  for (std::size_t y = 0; y < size.height; ++y) {
    std::uint8_t* row = rows.data() + (bytes + 1) * y + 1;
    for (std::size_t x = 0; x < size.width; ++x) {
      const std::size_t bit = x * depth;
      row[bit / 8] = static_cast<std::uint8_t>(row[bit / 8] | (*index++ << (8 - depth - bit % 8)));
    }
  }
  return rows;
}

std::vector<std::uint8_t> filtered_rows(const Frame& frame) {
  const Plane& plane = frame.plane(0);
  std::vector<std::uint8_t> rows((plane.stride + 1) * plane.height);
  filter_rows(plane, rows.data());
  return rows;
}

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const {
    libdeflate_free_compressor(compressor);
  }
};

tl::expected<void, Error> append_pixels(EncodedImage& file, std::span<const std::uint8_t> rows,
                                        int effort) {
  const int level = levels.at(static_cast<std::size_t>(std::clamp(effort, 0, 9)));
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
      libdeflate_alloc_compressor(level));
  if (compressor == nullptr) return out_of_memory();
  const std::size_t bound = libdeflate_zlib_compress_bound(compressor.get(), rows.size());
  const auto packed = std::make_unique_for_overwrite<std::byte[]>(bound);
  const std::size_t size =
      libdeflate_zlib_compress(compressor.get(), rows.data(), rows.size(), packed.get(), bound);
  constexpr std::size_t largest_chunk = 0x7FFF'FFFF;
  file.reserve(file.size() + size + 64);
  for (std::size_t at = 0; at < size; at += largest_chunk) {
    append_chunk(file, "IDAT", {packed.get() + at, std::min(largest_chunk, size - at)});
  }
  return {};
}

int colour_type(PixelLayout layout) {
  switch (layout) {
    case PixelLayout::grey:
      return 0;
    case PixelLayout::grey_alpha:
      return 4;
    case PixelLayout::rgba:
      return 6;
    default:
      return 2;
  }
}

tl::expected<EncodedImage, Error> encode_interleaved(const Frame& frame,
                                                     const EncodeOptions& options) {
  EncodedImage file;
  append(file, std::string_view("\x89PNG\r\n\x1A\n"));
  const auto indexed = find_palette(frame);
  append_header(file, frame.size(), indexed ? indexed->depth : 8,
                indexed ? 3 : colour_type(frame.layout()));
  if (indexed) append_palette(file, *indexed);
  if (options.copyright) append_chunk(file, "eXIf", exif_with_copyright(*options.copyright));
  const auto rows = indexed ? packed_rows(*indexed, frame.size()) : filtered_rows(frame);
  if (auto done = append_pixels(file, rows, options.effort); !done) {
    return tl::unexpected(std::move(done.error()));
  }
  append_chunk(file, "IEND", {});
  return file;
}

}  // namespace

tl::expected<EncodedImage, Error> encode_png(const Frame& frame, const EncodeOptions& options) {
  if (frame.layout() != PixelLayout::ycc) return encode_interleaved(frame, options);
  return encode_interleaved(*to_rgb(frame), options);
}

}  // namespace darkroom::imaging
