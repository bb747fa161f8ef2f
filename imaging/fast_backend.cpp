#include <cstdint>
#include <new>
#include <utility>

#include "imaging/backend.hpp"
#include "imaging/gif/gif_decoder.hpp"
#include "imaging/heif/avif_decoder.hpp"
#include "imaging/heif/avif_encoder.hpp"
#include "imaging/heif/heic_decoder.hpp"
#include "imaging/jpeg/jpeg_decoder.hpp"
#include "imaging/jpeg/jpeg_encoder.hpp"
#include "imaging/pixels/flatten.hpp"
#include "imaging/pixels/resample.hpp"
#include "imaging/pixels/ycc.hpp"
#include "imaging/png/png_decoder.hpp"
#include "imaging/png/png_encoder.hpp"
#include "imaging/refusal.hpp"
#include "imaging/webp/webp_decoder.hpp"
#include "imaging/webp/webp_encoder.hpp"

namespace darkroom::imaging {
namespace {

tl::expected<Picture, Error> decode_format(std::span<const std::byte> file, const ImageInfo& info,
                                           const Limits& limits, const DecodeRequest& request) {
  switch (info.format) {
    case InputFormat::jpeg:
      return decode_jpeg(file, info, request);
    case InputFormat::png:
      return decode_png(file, info);
    case InputFormat::webp:
      return decode_webp(file, info);
    case InputFormat::avif:
      return decode_avif(file, info);
    case InputFormat::heic:
      return decode_heic(file, info);
    case InputFormat::gif:
      return decode_gif(file);
    case InputFormat::bmp:
    case InputFormat::psd:
    case InputFormat::tga:
    case InputFormat::pnm:
    case InputFormat::hdr:
      break;
  }
  return stb_backend().decode(file, limits, request);
}

tl::expected<EncodedImage, Error> encode_format(const Frame& frame, const EncodeOptions& options) {
  switch (options.format) {
    case jobs::OutputFormat::jpeg:
      if (has_alpha(frame.layout())) {
        return encode_jpeg(*flatten(frame, options.background), options);
      }
      return encode_jpeg(frame, options);
    case jobs::OutputFormat::png:
      return encode_png(frame, options);
    case jobs::OutputFormat::webp:
      return encode_webp(frame, options);
    case jobs::OutputFormat::avif:
      return encode_avif(frame, options);
    case jobs::OutputFormat::automatic:
      break;
  }
  return refuse(ErrorCode::encode_failed, "The rendition's format was not decided.");
}

/// Which part of a frame of a reduced size its picture fills. libjpeg reduces by whole powers of
/// two and rounds up, so up to a pixel at the stored right and bottom hangs over; turning the
/// picture upright may have brought it to the left or the top.
Region extent_of(const ImageInfo& info, Size frame) {
  const Size upright = upright_size(info);
  std::uint32_t reduction = 1;
  const auto reduced = [&](std::uint32_t side) { return (side + reduction - 1) / reduction; };
  while (reduction < 8 && Size{reduced(upright.width), reduced(upright.height)} != frame) {
    reduction *= 2;
  }
  const double width = static_cast<double>(upright.width) / reduction;
  const double height = static_cast<double>(upright.height) / reduction;
  const auto orientation = info.orientation;
  const bool from_right =
      orientation == Orientation::mirrored || orientation == Orientation::rotated_180 ||
      orientation == Orientation::rotated_90 || orientation == Orientation::transversed;
  const bool from_bottom =
      orientation == Orientation::rotated_180 || orientation == Orientation::flipped ||
      orientation == Orientation::transversed || orientation == Orientation::rotated_270;
  return {.left = from_right ? frame.width - width : 0,
          .top = from_bottom ? frame.height - height : 0,
          .width = width,
          .height = height};
}

/// Fills in what no codec needs to know of.
Picture finished(Picture picture, const ImageInfo& info, const DecodeRequest& request) {
  picture.size = upright_size(info);
  picture.extent = picture.frame->size() == picture.size ? whole(picture.size)
                                                         : extent_of(info, picture.frame->size());
  if (request.chroma_420 && picture.frame->layout() == PixelLayout::rgb) {
    picture.frame = to_ycc(*picture.frame, {2, 2});
  }
  return picture;
}

class FastBackend final : public Backend {
 public:
  tl::expected<Picture, Error> decode(std::span<const std::byte> bytes, const Limits& limits,
                                      const DecodeRequest& request) const override {
    const auto info = probe(bytes, limits);
    if (!info) return tl::unexpected(info.error());
    try {
      return decode_format(bytes, *info, limits, request).map([&](Picture&& picture) {
        return finished(std::move(picture), *info, request);
      });
    } catch (const std::bad_alloc&) {
      return out_of_memory();
    }
  }

  tl::expected<FramePtr, Error> resample(const Frame& frame, const Region& region, Size size,
                                         bool linear_light) const override {
    try {
      return imaging::resample(frame, region, size, {.linear_light = linear_light});
    } catch (const std::bad_alloc&) {
      return out_of_memory();
    }
  }

  tl::expected<EncodedImage, Error> encode(const Frame& frame,
                                           const EncodeOptions& options) const override {
    try {
      return encode_format(frame, options);
    } catch (const std::bad_alloc&) {
      return out_of_memory();
    }
  }
};

}  // namespace

const Backend& fast_backend() {
  static const FastBackend backend;
  return backend;
}

}  // namespace darkroom::imaging
