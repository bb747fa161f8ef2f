#include "imaging/formats/png_pixel_data.hpp"

#include <array>
#include <new>

#include <zlib.h>

#include "imaging/formats/png_layout.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {

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
    : inflater_(std::make_unique<Inflater>()), expected_bytes_(stream_bytes(header)) {}

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
    if (bytes_ > expected_bytes_ + allowed_png_surplus) {
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
