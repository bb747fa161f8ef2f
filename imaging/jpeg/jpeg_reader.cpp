#include "imaging/jpeg/jpeg_reader.hpp"

#include <algorithm>
#include <cstdio>

#include <jpeglib.h>

#include "imaging/formats/jpeg_file.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

int scan_limit(const jpeg_decompress_struct& codec) {
  const std::uint64_t pixels = std::uint64_t{codec.image_width} * codec.image_height;
  return static_cast<int>(std::min<std::uint64_t>(
      most_jpeg_scans, std::max<std::uint64_t>(most_scanned_pixels / pixels, 16)));
}

void read_all_scans(jpeg_decompress_struct& codec) {
  const int limit = scan_limit(codec);
  while (jpeg_consume_input(&codec) != JPEG_REACHED_EOI) {
    if (codec.input_scan_number > limit) {
      fail_for_scans(reinterpret_cast<jpeg_common_struct&>(codec));
    }
  }
}

}  // namespace

JpegReader::JpegReader() : codec_(std::make_unique<jpeg_decompress_struct>()) {
  codec_->err = errors_.manager();
}

JpegReader::~JpegReader() {
  jpeg_destroy_decompress(codec_.get());  // Does nothing where it was never created.
}

tl::expected<void, Error> JpegReader::open(std::span<const std::byte> file, const ImageInfo& info) {
  jpeg_decompress_struct& c = *codec_;
  bool has_scans = false;
  const bool read = errors_.run([&] {
    jpeg_create_decompress(&c);
    coefficients_.serve(c);
    jpeg_mem_src(&c, reinterpret_cast<const unsigned char*>(file.data()), file.size());
    jpeg_read_header(&c, TRUE);
    has_scans = jpeg_has_multiple_scans(&c) != FALSE;
  });
  if (!read) return tl::unexpected(errors_.error());
  if (c.image_width != info.width || c.image_height != info.height) {
    return corrupt("its header and its data tell different sizes");
  }
  // libjpeg gives grey for a component that no scan brings, and says nothing.
  if (has_scans) {
    if (auto checked = check_jpeg(file); !checked) return tl::unexpected(checked.error());
  }
  return {};
}

jpeg_decompress_struct& JpegReader::codec() {
  return *codec_;
}

void start_reading(jpeg_decompress_struct& codec, bool keep_coefficients) {
  const bool scans = jpeg_has_multiple_scans(&codec) != FALSE;
  codec.do_block_smoothing = FALSE;  // It is for pictures of which scans are missing.
  codec.buffered_image = scans || keep_coefficients ? TRUE : FALSE;
  jpeg_start_decompress(&codec);
  if (codec.buffered_image == FALSE) return;
  // A single scan is read as its rows are asked for, while they are in the cache.
  if (scans) read_all_scans(codec);
}

void start_output(jpeg_decompress_struct& codec) {
  if (codec.buffered_image != FALSE) jpeg_start_output(&codec, codec.input_scan_number);
}

void finish_reading(jpeg_decompress_struct& codec) {
  if (codec.buffered_image != FALSE) {
    jpeg_finish_output(&codec);
    return;
  }
  jpeg_finish_decompress(&codec);
}

}  // namespace darkroom::imaging
