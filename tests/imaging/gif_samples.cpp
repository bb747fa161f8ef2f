#include "tests/imaging/gif_samples.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "tests/imaging/sample_files.hpp"

namespace darkroom::imaging::testing {
namespace {

constexpr std::uint32_t most_codes = 4096;

void add_palette(FileBuilder& builder, const std::vector<Colour>& palette,
                 std::uint32_t pixel_bits) {
  for (std::size_t i = 0; i < std::size_t{1} << pixel_bits; ++i) {
    const Colour colour = i < palette.size() ? palette[i] : Colour{};
    builder.u8(colour[0]).u8(colour[1]).u8(colour[2]);
  }
}

}  // namespace

GifCodes::GifCodes(std::uint32_t pixel_bits)
    : pixel_bits_(pixel_bits), known_(end()), width_(pixel_bits + 1) {}

void GifCodes::add(std::uint32_t code) {
  bits_ |= std::uint64_t{code} << count_;
  for (count_ += width_; count_ >= 8; count_ -= 8, bits_ >>= 8U)
    bytes_.push_back(static_cast<std::uint8_t>(bits_));
  if (code == clear()) {
    known_ = end();  // The first code behind it adds nothing to the table.
    width_ = pixel_bits_ + 1;
  } else if (known_ < most_codes && ++known_ == 1U << width_ && width_ < 12) {
    ++width_;
  }
}

std::vector<std::uint8_t> GifCodes::blocks(std::size_t block_bytes) const {
  auto bytes = bytes_;
  bytes.push_back(static_cast<std::uint8_t>(bits_));
  std::vector<std::uint8_t> blocks;
  for (std::size_t at = 0; at < bytes.size(); at += block_bytes) {
    const std::size_t size = std::min(block_bytes, bytes.size() - at);
    blocks.push_back(static_cast<std::uint8_t>(size));
    for (std::size_t i = 0; i < size; ++i)
      blocks.push_back(bytes[at + i]);
  }
  blocks.push_back(0);
  return blocks;
}

std::vector<std::uint8_t> compressed(const SampleGif& gif) {
  GifCodes codes(gif.pixel_bits);
  std::map<std::pair<std::uint32_t, std::uint8_t>, std::uint32_t> table;
  std::optional<std::uint32_t> piece;
  codes.add(codes.clear());
  for (const std::uint8_t pixel : gif.pixels) {
    if (!piece) {
      piece = pixel;
      continue;
    }
    const auto longer = table.find({*piece, pixel});
    if (longer != table.end()) {
      piece = longer->second;
      continue;
    }
    codes.add(*piece);
    const auto next = codes.end() + 1 + static_cast<std::uint32_t>(table.size());
    if (next < most_codes) {
      table[{*piece, pixel}] = next;
    } else if (gif.clears) {
      codes.add(codes.clear());
      table.clear();
    }
    piece = pixel;
  }
  if (piece) codes.add(*piece);
  codes.add(codes.end());
  return codes.blocks();
}

EncodedImage gif_around(const SampleGif& gif, const std::vector<std::uint8_t>& data) {
  const std::uint32_t table_size = gif.pixel_bits - 1;
  FileBuilder builder;
  builder.text("GIF89a").u16_le(gif.canvas.width).u16_le(gif.canvas.height);
  builder.u8(gif.palette.empty() ? 0 : 0x80 | table_size).u8(gif.background).u8(0);
  if (!gif.palette.empty()) add_palette(builder, gif.palette, gif.pixel_bits);
  if (gif.transparent) builder.u8(0x21).u8(0xF9).u8(4).u8(1).u16_le(0).u8(*gif.transparent).u8(0);
  builder.u8(0x2C).u16_le(gif.left).u16_le(gif.top);
  builder.u16_le(gif.size.width).u16_le(gif.size.height);
  const std::uint32_t interlaced = gif.interlaced ? 0x40 : 0;
  builder.u8(interlaced | (gif.local_palette.empty() ? 0 : 0x80 | table_size));
  if (!gif.local_palette.empty()) add_palette(builder, gif.local_palette, gif.pixel_bits);
  return builder.u8(gif.pixel_bits).bytes(data).u8(0x3B).file();
}

EncodedImage make_gif(const SampleGif& gif) {
  return gif_around(gif, compressed(gif));
}

}  // namespace darkroom::imaging::testing
