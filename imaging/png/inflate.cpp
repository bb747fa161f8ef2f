#include "imaging/png/inflate.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <new>

#include <libdeflate.h>
#include <zlib.h>

#include "imaging/formats/png_layout.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const {
    libdeflate_free_decompressor(decompressor);
  }
};
using Decompressor = std::unique_ptr<libdeflate_decompressor, FreeDecompressor>;

Decompressor make_decompressor() {
  Decompressor decompressor(libdeflate_alloc_decompressor());
  if (decompressor == nullptr) throw std::bad_alloc();
  return decompressor;
}

struct Inflated {
  libdeflate_result result = LIBDEFLATE_BAD_DATA;
  std::size_t bytes = 0;
};

Inflated inflate(std::span<const std::byte> packed, std::uint8_t* out, std::size_t size) {
  Inflated inflated;
  inflated.result = libdeflate_zlib_decompress(make_decompressor().get(), packed.data(),
                                               packed.size(), out, size, &inflated.bytes);
  return inflated;
}

/// For a stream that is longer than `out`: zlib goes in steps, so that what is too much takes no
/// memory; it is left out of `bytes` beyond `allowed_png_surplus`.
Inflated inflate_long(std::span<const std::byte> packed, std::span<std::uint8_t> out) {
  Inflated inflated;
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> end(&stream, inflateEnd);
  std::array<std::uint8_t, 4'096> rest{};
  constexpr std::size_t most = std::numeric_limits<uInt>::max();
  int status = Z_OK;
  while (status == Z_OK && inflated.bytes <= out.size() + allowed_png_surplus) {
    if (stream.avail_in == 0) {
      const std::size_t step = std::min(packed.size(), most);
      // zlib does not write there.
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
      stream.avail_in = static_cast<uInt>(step);
      packed = packed.subspan(step);
    }
    const bool within = inflated.bytes < out.size();
    const auto room = within
                          ? out.subspan(inflated.bytes, std::min(out.size() - inflated.bytes, most))
                          : std::span<std::uint8_t>(rest);
    stream.next_out = room.data();
    stream.avail_out = static_cast<uInt>(room.size());
    status = ::inflate(&stream, Z_NO_FLUSH);
    inflated.bytes += room.size() - stream.avail_out;
  }
  if (status == Z_STREAM_END) inflated.result = LIBDEFLATE_SUCCESS;
  if (status == Z_OK) inflated.result = LIBDEFLATE_INSUFFICIENT_SPACE;
  return inflated;
}

std::vector<std::byte> joined(std::span<const std::span<const std::byte>> pieces) {
  std::size_t size = 0;
  for (const auto piece : pieces)
    size += piece.size();
  std::vector<std::byte> all;
  all.reserve(size);
  for (const auto piece : pieces)
    all.insert(all.end(), piece.begin(), piece.end());
  return all;
}

}  // namespace

tl::expected<void, Error> inflate_pixels(std::span<const std::span<const std::byte>> pieces,
                                         std::span<std::uint8_t> out) {
  std::vector<std::byte> all;
  if (pieces.size() != 1) all = joined(pieces);
  const std::span<const std::byte> packed = pieces.size() == 1 ? pieces.front() : all;
  Inflated inflated = inflate(packed, out.data(), out.size());
  if (inflated.result == LIBDEFLATE_INSUFFICIENT_SPACE) {
    inflated = inflate_long(packed, out);
    if (inflated.result == LIBDEFLATE_INSUFFICIENT_SPACE ||
        inflated.bytes > out.size() + allowed_png_surplus) {
      return corrupt("the PNG holds more pixel data than its header announces");
    }
  }
  if (inflated.result != LIBDEFLATE_SUCCESS) {
    return corrupt("the compressed PNG data is damaged or incomplete");
  }
  if (inflated.bytes < out.size()) return cut_off("PNG");
  return {};
}

std::vector<std::byte> inflate_profile(std::span<const std::byte> chunk) {
  // A name of at most 79 bytes, a zero, the compression method 0, the stream.
  const auto name_end = std::find(chunk.begin(), chunk.end(), std::byte{0});
  if (chunk.end() - name_end < 2 || name_end[1] != std::byte{0}) return {};
  const auto packed = chunk.subspan(static_cast<std::size_t>(name_end - chunk.begin()) + 2);
  constexpr std::size_t largest_profile = std::size_t{4} << 20U;
  std::size_t size = std::min(largest_profile, packed.size() * 4 + 1'024);
  while (true) {
    std::vector<std::byte> profile(size);
    const auto inflated =
        inflate(packed, reinterpret_cast<std::uint8_t*>(profile.data()), profile.size());
    if (inflated.result == LIBDEFLATE_SUCCESS) {
      profile.resize(inflated.bytes);
      return profile;
    }
    if (inflated.result != LIBDEFLATE_INSUFFICIENT_SPACE || size == largest_profile) return {};
    size = std::min(largest_profile, size * 4);
  }
}

}  // namespace darkroom::imaging
