#include "imaging/heif/avif_encoder.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>

#include <avif/avif.h>

#include "imaging/formats/exif.hpp"
#include "imaging/pixels/flatten.hpp"
#include "imaging/pixels/ycc.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

struct DestroyImage {
  void operator()(avifImage* image) const { avifImageDestroy(image); }
};
struct DestroyEncoder {
  void operator()(avifEncoder* encoder) const { avifEncoderDestroy(encoder); }
};
struct Output {
  Output() = default;
  ~Output() { avifRWDataFree(&data); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  avifRWData data = AVIF_DATA_EMPTY;
};

Subsampling wanted(const Frame& frame, const EncodeOptions& options) {
  constexpr int fine_quality = 90;
  switch (options.subsampling) {
    case jobs::ChromaSubsampling::s420:
      return {2, 2};
    case jobs::ChromaSubsampling::s422:
      return {2, 1};
    case jobs::ChromaSubsampling::s444:
      return {1, 1};
    case jobs::ChromaSubsampling::automatic:
      break;
  }
  if (options.quality < fine_quality || frame.subsampling() == Subsampling{2, 2}) return {2, 2};
  return frame.subsampling() == Subsampling{2, 1} ? Subsampling{2, 1} : Subsampling{1, 1};
}

avifPixelFormat format_of(Subsampling subsampling) {
  if (subsampling == Subsampling{1, 1}) return AVIF_PIXEL_FORMAT_YUV444;
  return subsampling == Subsampling{2, 1} ? AVIF_PIXEL_FORMAT_YUV422 : AVIF_PIXEL_FORMAT_YUV420;
}

PlaneBuffer channel_of(const Plane& plane, std::uint32_t channel) {
  auto buffer = PlaneBuffer::aligned(plane.width, plane.height);
  for (std::uint32_t y = 0; y < plane.height; ++y) {
    const std::uint8_t* from = plane.row(y).data() + channel;
    std::uint8_t* to = buffer.row(y);
    for (std::uint32_t x = 0; x < plane.width; ++x, from += plane.channels)
      to[x] = *from;
  }
  return buffer;
}

/// The planes to encode, and who owns them.
struct Planes {
  FramePtr colours;  ///< Converted from the frame; null where the frame itself is shown.
  PlaneBuffer grey;
  PlaneBuffer alpha;
};

void show(const Plane& plane, int index, avifImage& image) {
  // The encoder does not write to them, but has no word for it.
  image.yuvPlanes[index] = const_cast<std::uint8_t*>(plane.data);
  image.yuvRowBytes[index] = static_cast<std::uint32_t>(plane.stride);
}

void show(const Frame& frame, const EncodeOptions& options, Planes& planes, avifImage& image) {
  const Plane& samples = frame.plane(0);
  if (has_alpha(frame.layout())) {
    planes.alpha = channel_of(samples, samples.channels - 1);
    image.alphaPlane = planes.alpha.row(0);
    image.alphaRowBytes = static_cast<std::uint32_t>(planes.alpha.view().stride);
  }
  if (without_alpha(frame.layout()) == PixelLayout::grey) {
    image.yuvFormat = AVIF_PIXEL_FORMAT_YUV400;
    if (samples.channels == 1) return show(samples, 0, image);
    planes.grey = channel_of(samples, 0);
    return show(planes.grey.view(), 0, image);
  }
  const Subsampling subsampling = wanted(frame, options);
  image.yuvFormat = format_of(subsampling);
  const Frame* shown = &frame;
  if (frame.layout() != PixelLayout::ycc || frame.subsampling() != subsampling) {
    planes.colours = has_alpha(frame.layout()) ? to_ycc(*drop_alpha(frame), subsampling)
                                               : to_ycc(frame, subsampling);
    shown = planes.colours.get();
  }
  for (const int i : {0, 1, 2})
    show(shown->plane(static_cast<std::size_t>(i)), i, image);
}

void describe(const EncodeOptions& options, avifImage& image) {
  image.yuvRange = AVIF_RANGE_FULL;
  image.colorPrimaries = AVIF_COLOR_PRIMARIES_BT709;
  image.transferCharacteristics = AVIF_TRANSFER_CHARACTERISTICS_SRGB;
  image.matrixCoefficients = AVIF_MATRIX_COEFFICIENTS_BT601;
  if (!options.copyright) return;
  const auto exif = exif_with_copyright(*options.copyright);
  avifImageSetMetadataExif(&image, reinterpret_cast<const std::uint8_t*>(exif.data()), exif.size());
}

void configure(const EncodeOptions& options, avifEncoder& encoder) {
  // 63 is the coarsest quantizer.
  const int quantizer = ((100 - options.quality) * 63 + 50) / 100;
  encoder.maxThreads = 1;
  encoder.speed = 10 - std::clamp(options.effort, 0, 9);
  encoder.minQuantizer = quantizer;
  encoder.maxQuantizer = quantizer;
  // Edges of transparency show; this costs little.
  encoder.minQuantizerAlpha = quantizer / 2;
  encoder.maxQuantizerAlpha = quantizer / 2;
}

}  // namespace

tl::expected<EncodedImage, Error> encode_avif(const Frame& frame, const EncodeOptions& options) {
  if (options.quality < 1 || options.quality > 100) {
    return refuse(ErrorCode::encode_failed, "The AVIF quality must be from 1 to 100, and is " +
                                                std::to_string(options.quality) + ".");
  }
  Planes planes;
  const std::unique_ptr<avifImage, DestroyImage> image(
      avifImageCreate(frame.width(), frame.height(), 8, AVIF_PIXEL_FORMAT_YUV444));
  const std::unique_ptr<avifEncoder, DestroyEncoder> encoder(avifEncoderCreate());
  if (image == nullptr || encoder == nullptr) throw std::bad_alloc();
  show(frame, options, planes, *image);
  describe(options, *image);
  configure(options, *encoder);
  Output output;
  const avifResult result = avifEncoderWrite(encoder.get(), image.get(), &output.data);
  if (result == AVIF_RESULT_OUT_OF_MEMORY) return out_of_memory();
  if (result != AVIF_RESULT_OK) {
    return refuse(ErrorCode::encode_failed, "The AVIF encoder refused the picture (" +
                                                std::string(avifResultToString(result)) + ").");
  }
  const auto bytes = std::as_bytes(std::span(output.data.data, output.data.size));
  return EncodedImage(bytes.begin(), bytes.end());
}

}  // namespace darkroom::imaging
