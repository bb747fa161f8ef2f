#include "imaging/png_pixel_data.hpp"

#include <array>
#include <new>

#include <zlib.h>

#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

/// Some encoders write a little more than the picture has rows for, which every decoder bears.
constexpr std::uint64_t allowed_surplus = 65'536;

std::uint32_t samples_per_pixel(std::uint8_t colour) {
  switch (colour) {
    case 2:
      return 3;
    case 4:
      return 2;
    case 6:
      return 4;
    default:
      return 1;
  }
}

/// Bytes of one pass over the picture: each row has a filter byte before it.
std::uint64_t pass_bytes(const PngHeader& header, std::uint64_t width, std::uint64_t height) {
  if (width == 0) return 0;
  const std::uint64_t row_bits = width * header.depth * samples_per_pixel(header.colour);
  return height * (1 + (row_bits + 7) / 8);
}

struct Pass {
  std::uint32_t left, top, across, down;
};

/// Adam7 (PNG specification, section 8.2).
constexpr std::array<Pass, 7> adam7{{{0, 0, 8, 8},
                                     {4, 0, 8, 8},
                                     {0, 4, 4, 8},
                                     {2, 0, 4, 4},
                                     {0, 2, 2, 4},
                                     {1, 0, 2, 2},
                                     {0, 1, 1, 2}}};

std::uint64_t picture_bytes(const PngHeader& header) {
  if (!header.interlaced) return pass_bytes(header, header.width, header.height);
  std::uint64_t total = 0;
  for (const Pass& pass : adam7) {
    const auto width = (std::uint64_t{header.width} + pass.across - 1 - pass.left) / pass.across;
    const auto height = (std::uint64_t{header.height} + pass.down - 1 - pass.top) / pass.down;
    total += pass_bytes(header, width, height);
  }
  return total;
}

}  // namespace

struct PngPixelData::Inflater {
  Inflater() {
    if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream stream{};
  std::array<Bytef, 65'536> discarded{};
};

PngPixelData::PngPixelData(const PngHeader& header)
    : inflater_(std::make_unique<Inflater>()), expected_bytes_(picture_bytes(header)) {}

PngPixelData::~PngPixelData() = default;

tl::expected<void, Error> PngPixelData::take(std::span<const std::byte> data) {
  z_stream& stream = inflater_->stream;
  // zlib does not write to its input, but its interface is older than const.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());  // A chunk has less than 2^31 bytes.
  while (!ended_) {
    stream.next_out = inflater_->discarded.data();
    stream.avail_out = static_cast<uInt>(inflater_->discarded.size());
    const int result = inflate(&stream, Z_NO_FLUSH);
    bytes_ += inflater_->discarded.size() - stream.avail_out;
    if (bytes_ > expected_bytes_ + allowed_surplus) {
      return corrupt("the PNG holds more pixel data than its header announces");
    }
    if (result == Z_BUF_ERROR) break;  // It has used all of its input.
    if (result == Z_MEM_ERROR) return out_of_memory();
    if (result != Z_OK && result != Z_STREAM_END) {
      return corrupt("the compressed PNG data is damaged");
    }
    ended_ = result == Z_STREAM_END;
  }
  return {};
}

tl::expected<void, Error> PngPixelData::finish() const {
  if (!ended_ || bytes_ < expected_bytes_) return cut_off("PNG");
  return {};
}

}  // namespace darkroom::imaging
