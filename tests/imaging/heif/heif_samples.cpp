#include "tests/imaging/heif/heif_samples.hpp"

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>

#include <libheif/heif.h>

#include "imaging/heif/avif_encoder.hpp"

/// For LeakSanitizer: x265, which encodes the samples, does not free all that it took. It is in no
/// part of the service.
extern "C" const char* __lsan_default_suppressions();   // NOLINT: the sanitizer's name
extern "C" const char* __lsan_default_suppressions() {  // NOLINT
  return "leak:libx265\n";
}

namespace darkroom::imaging::testing {
namespace {

template <auto Free>
struct Release {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Context = std::unique_ptr<heif_context, Release<heif_context_free>>;
using Encoder = std::unique_ptr<heif_encoder, Release<heif_encoder_release>>;
using Image = std::unique_ptr<heif_image, Release<heif_image_release>>;
using Handle = std::unique_ptr<heif_image_handle, Release<heif_image_handle_release>>;
using Options = std::unique_ptr<heif_encoding_options, Release<heif_encoding_options_free>>;

void check(const heif_error& error) {
  if (error.code != heif_error_Ok) throw std::runtime_error(error.message);
}

heif_chroma chroma_for(bool alpha, int depth) {
  if (depth > 8) return heif_chroma_interleaved_RRGGBB_LE;
  return alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB;
}

Image image_of(const Frame& frame, int depth) {
  const auto width = static_cast<int>(frame.width());
  const auto height = static_cast<int>(frame.height());
  heif_image* made = nullptr;
  check(heif_image_create(width, height, heif_colorspace_RGB,
                          chroma_for(has_alpha(frame.layout()), depth), &made));
  Image image(made);
  check(heif_image_add_plane(made, heif_channel_interleaved, width, height, depth));
  int stride = 0;
  std::uint8_t* to = heif_image_get_plane(made, heif_channel_interleaved, &stride);
  for (std::uint32_t y = 0; y < frame.height(); ++y, to += stride) {
    const auto row = frame.plane(0).row(y);
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (depth == 8) {
        to[i] = row[i];
      } else {
        const int wide = row[i] * 4 + row[i] / 64;
        to[i * 2] = static_cast<std::uint8_t>(wide);
        to[i * 2 + 1] = static_cast<std::uint8_t>(wide >> 8);
      }
    }
  }
  return image;
}

heif_error collect(heif_context* /*context*/, const void* data, std::size_t size, void* file) {
  const auto* bytes = static_cast<const std::byte*>(data);
  static_cast<EncodedImage*>(file)->assign(bytes, bytes + size);
  return {heif_error_Ok, heif_suberror_Unspecified, "ok"};
}

}  // namespace

EncodedImage heic_of(const Frame& frame, const HeicOptions& options) {
  const Context context(heif_context_alloc());
  heif_encoder* made = nullptr;
  check(heif_context_get_encoder_for_format(context.get(), heif_compression_HEVC, &made));
  const Encoder encoder(made);
  check(heif_encoder_set_lossy_quality(made, 95));
  heif_encoder_set_parameter_string(made, "chroma", "444");
  heif_encoder_set_parameter_string(made, "preset", "ultrafast");
  const Image image = image_of(frame, options.depth);
  if (!options.profile.empty()) {
    check(heif_image_set_raw_color_profile(image.get(), "prof", options.profile.data(),
                                           options.profile.size()));
  }
  const Options encoding(heif_encoding_options_alloc());
  encoding->image_orientation = static_cast<heif_orientation>(options.orientation);
  heif_image_handle* handle = nullptr;
  check(heif_context_encode_image(context.get(), image.get(), made, encoding.get(), &handle));
  const Handle owner(handle);
  if (!options.exif.empty()) {
    check(heif_context_add_exif_metadata(context.get(), handle, options.exif.data(),
                                         static_cast<int>(options.exif.size())));
  }
  EncodedImage file;
  heif_writer writer{};
  writer.writer_api_version = 1;
  writer.write = collect;
  check(heif_context_write(context.get(), &writer, &file));
  return file;
}

EncodedImage avif_of(const Frame& frame, int quality) {
  EncodeOptions options{.format = jobs::OutputFormat::avif, .quality = quality};
  options.effort = 0;
  return encode_avif(frame, options).value();
}

}  // namespace darkroom::imaging::testing
