#include "imaging/jpeg/jpeg_writer.hpp"

#include <algorithm>
#include <cstdio>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include <jpeglib.h>

#include "imaging/formats/exif.hpp"
#include "imaging/limits.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

tl::expected<void, Error> check(Size size, const EncodeOptions& options) {
  if (options.quality < 1 || options.quality > 100) {
    return refuse(ErrorCode::encode_failed, "The JPEG quality must be from 1 to 100, and is " +
                                                std::to_string(options.quality) + ".");
  }
  if (size.width > JPEG_MAX_DIMENSION || size.height > JPEG_MAX_DIMENSION) {
    return refuse(ErrorCode::encode_failed, "A JPEG file cannot be larger than " +
                                                std::to_string(JPEG_MAX_DIMENSION) +
                                                " pixels on a side; this picture is " +
                                                size_text(size.width, size.height) + ".");
  }
  return {};
}

/// Most files need no more than this; the buffer grows where one does.
std::size_t likely_bytes(Size size) {
  constexpr std::size_t smallest = 8'192;
  return smallest + std::size_t{size.width} * size.height / 8;
}

}  // namespace

/// Writes into memory. libjpeg's own, jpeg_mem_dest, loses its buffer where it fails.
struct JpegWriter::Destination {
  jpeg_destination_mgr manager{};  ///< First, so that libjpeg's pointer to it is one to this.
  EncodedImage bytes;

  void point_behind(std::size_t written) {
    manager.next_output_byte = reinterpret_cast<JOCTET*>(bytes.data()) + written;
    manager.free_in_buffer = bytes.size() - written;
  }

  bool grow() {
    const std::size_t written = bytes.size();
    try {
      bytes.resize(written * 2);
    } catch (const std::bad_alloc&) {
      return false;
    }
    point_behind(written);
    return true;
  }

  void set_up(std::size_t size) {
    bytes.resize(size);
    point_behind(0);
    manager.init_destination = [](j_compress_ptr) {};
    manager.empty_output_buffer = [](j_compress_ptr codec) -> boolean {
      if (!reinterpret_cast<Destination*>(codec->dest)->grow()) {
        fail_for_memory(reinterpret_cast<jpeg_common_struct&>(*codec));
      }
      return TRUE;
    };
    manager.term_destination = [](j_compress_ptr) {};
  }
};

Subsampling output_subsampling(const EncodeOptions& options, Subsampling source) {
  constexpr int keeps_colour_from = 90;
  switch (options.subsampling) {
    case jobs::ChromaSubsampling::automatic:
      break;
    case jobs::ChromaSubsampling::s420:
      return {2, 2};
    case jobs::ChromaSubsampling::s422:
      return {2, 1};
    case jobs::ChromaSubsampling::s444:
      return {1, 1};
  }
  return options.quality < keeps_colour_from ? Subsampling{2, 2} : source;
}

JpegWriter::JpegWriter()
    : destination_(std::make_unique<Destination>()),
      codec_(std::make_unique<jpeg_compress_struct>()) {
  codec_->err = errors_.manager();
}

JpegWriter::~JpegWriter() {
  jpeg_destroy_compress(codec_.get());  // Does nothing where it was never created.
}

tl::expected<void, Error> JpegWriter::open(Size size, int components, Subsampling subsampling,
                                           const EncodeOptions& options) {
  if (auto checked = check(size, options); !checked) return checked;
  destination_->set_up(likely_bytes(size));
  jpeg_compress_struct& c = *codec_;
  const bool opened = errors_.run([&] {
    jpeg_create_compress(&c);
    c.dest = &destination_->manager;
    c.image_width = size.width;
    c.image_height = size.height;
    c.input_components = components;
    c.in_color_space = components == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
    jpeg_set_defaults(&c);
    jpeg_set_quality(&c, options.quality, TRUE);
    c.comp_info[0].h_samp_factor = components == 1 ? 1 : subsampling.horizontal;
    c.comp_info[0].v_samp_factor = components == 1 ? 1 : subsampling.vertical;
    c.dct_method = JDCT_ISLOW;
    if (options.progressive) jpeg_simple_progression(&c);
  });
  if (!opened) return tl::unexpected(errors_.error());
  return {};
}

jpeg_compress_struct& JpegWriter::codec() {
  return *codec_;
}

EncodedImage JpegWriter::take() {
  EncodedImage file = std::move(destination_->bytes);
  file.resize(file.size() - destination_->manager.free_in_buffer);
  return file;
}

void write_exif(jpeg_compress_struct& codec, const EncodedImage& exif) {
  if (exif.empty()) return;
  jpeg_write_marker(&codec, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(exif.data()),
                    static_cast<unsigned>(exif.size()));
}

EncodedImage exif_segment(const EncodeOptions& options) {
  if (!options.copyright) return {};
  constexpr std::string_view name("Exif\0\0", 6);
  const auto block = exif_with_copyright(*options.copyright);
  EncodedImage segment;
  segment.reserve(name.size() + block.size());
  for (const char letter : name) {
    segment.push_back(static_cast<std::byte>(letter));
  }
  segment.insert(segment.end(), block.begin(), block.end());
  return segment;
}

}  // namespace darkroom::imaging
