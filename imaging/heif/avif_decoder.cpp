#include "imaging/heif/avif_decoder.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <avif/avif.h>

#include "imaging/colour/srgb_profile.hpp"
#include "imaging/formats/exif.hpp"
#include "imaging/formats/heif_file.hpp"
#include "imaging/heif/finish_frame.hpp"
#include "imaging/pixels/orientation.hpp"
#include "imaging/pixels/ycc.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

struct DestroyDecoder {
  void operator()(avifDecoder* decoder) const { avifDecoderDestroy(decoder); }
};
using Decoder = std::unique_ptr<avifDecoder, DestroyDecoder>;

Refusal refusal(avifResult result) {
  switch (result) {
    case AVIF_RESULT_OUT_OF_MEMORY:
      return out_of_memory();
    case AVIF_RESULT_TRUNCATED_DATA:
    case AVIF_RESULT_IO_ERROR:
    case AVIF_RESULT_WAITING_ON_IO:
      return cut_off("AVIF");
    case AVIF_RESULT_NOT_IMPLEMENTED:
    case AVIF_RESULT_UNSUPPORTED_DEPTH:
      return unsupported("an AVIF picture of a rare kind");
    default:
      return corrupt("the AVIF data cannot be decoded (" + std::string(avifResultToString(result)) +
                     ")");
  }
}

Decoder make_decoder(const HeifPicture& picture) {
  Decoder decoder(avifDecoderCreate());
  if (decoder == nullptr) throw std::bad_alloc();
  decoder->maxThreads = 1;
  decoder->ignoreXMP = AVIF_TRUE;
  // The coded pictures inside may tell another size than the file around them. Tiles of a grid may
  // reach over its edge, by less than one tile, so twice the size is borne.
  const std::uint64_t pixels = std::uint64_t{picture.coded.width} * picture.coded.height;
  decoder->imageSizeLimit = static_cast<std::uint32_t>(std::min<std::uint64_t>(
      AVIF_DEFAULT_IMAGE_SIZE_LIMIT, std::max<std::uint64_t>(pixels * 2, 65'536)));
  decoder->imageDimensionLimit = 65'536;
  // Files of older encoders lack boxes that the strictest reading wants.
  decoder->strictFlags = AVIF_STRICT_DISABLED;
  return decoder;
}

std::span<const std::byte> as_span(const avifRWData& data) {
  return {reinterpret_cast<const std::byte*>(data.data), data.size};
}

std::optional<Subsampling> subsampling_of(const avifImage& image) {
  switch (image.yuvFormat) {
    case AVIF_PIXEL_FORMAT_YUV444:
      return Subsampling{1, 1};
    case AVIF_PIXEL_FORMAT_YUV422:
      return Subsampling{2, 1};
    case AVIF_PIXEL_FORMAT_YUV420:
      return Subsampling{2, 2};
    default:
      return std::nullopt;
  }
}

bool is_bt601(const avifImage& image) {
  // Where nothing is said, BT.601 is what decoders take.
  return image.matrixCoefficients == AVIF_MATRIX_COEFFICIENTS_BT601 ||
         image.matrixCoefficients == AVIF_MATRIX_COEFFICIENTS_BT470BG ||
         image.matrixCoefficients == AVIF_MATRIX_COEFFICIENTS_UNSPECIFIED;
}

PlaneBuffer copy_of(const std::uint8_t* from, std::size_t stride, Size size) {
  auto buffer = PlaneBuffer::aligned(size.width, size.height);
  for (std::uint32_t y = 0; y < size.height; ++y)
    std::copy_n(from + stride * y, size.width, buffer.row(y));
  return buffer;
}

FramePtr planes_of(const avifImage& image, Subsampling subsampling) {
  const Size size{image.width, image.height};
  const Size chroma = chroma_size(size, subsampling);
  std::array<PlaneBuffer, 3> planes{copy_of(image.yuvPlanes[0], image.yuvRowBytes[0], size),
                                    copy_of(image.yuvPlanes[1], image.yuvRowBytes[1], chroma),
                                    copy_of(image.yuvPlanes[2], image.yuvRowBytes[2], chroma)};
  if (image.yuvRange == AVIF_RANGE_LIMITED) expand_range(planes[0], planes[1], planes[2]);
  return std::make_shared<const Frame>(subsampling, std::move(planes));
}

tl::expected<FramePtr, Error> rgb_of(const avifImage& image) {
  const auto layout = image.alphaPlane != nullptr ? PixelLayout::rgba : PixelLayout::rgb;
  auto buffer = PlaneBuffer::tight(image.width, image.height, channels(layout));
  avifRGBImage rgb{};
  avifRGBImageSetDefaults(&rgb, &image);
  rgb.depth = 8;
  rgb.format = layout == PixelLayout::rgba ? AVIF_RGB_FORMAT_RGBA : AVIF_RGB_FORMAT_RGB;
  rgb.pixels = buffer.row(0);
  rgb.rowBytes = static_cast<std::uint32_t>(buffer.view().stride);
  if (avifImageYUVToRGB(&image, &rgb) != AVIF_RESULT_OK) {
    return unsupported("an AVIF picture whose colours are coded in a rare way");
  }
  return std::make_shared<const Frame>(layout, std::move(buffer));
}

/// 8-bit planes by BT.601 without alpha stay planes, everything else becomes RGB.
tl::expected<FramePtr, Error> frame_of(const avifImage& image, const HeifPicture& picture) {
  if (Size{image.width, image.height} != picture.coded) {
    return corrupt("the AVIF file tells two different sizes");
  }
  if (is_high_dynamic_range(image.transferCharacteristics)) {
    return unsupported("a picture of high dynamic range (PQ or HLG)");
  }
  const auto named =
      image.icc.size == 0 ? profile_of_primaries(image.colorPrimaries) : std::vector<std::byte>{};
  const auto profile = image.icc.size == 0 ? std::span<const std::byte>(named) : as_span(image.icc);
  const bool convert = !profile.empty() && !is_srgb_profile(profile);
  const auto subsampling = subsampling_of(image);
  const bool as_planes = subsampling && image.depth == 8 && image.alphaPlane == nullptr &&
                         is_bt601(image) && !convert && picture.shown == picture.coded;
  if (as_planes) return make_upright(planes_of(image, *subsampling), picture.orientation);
  auto rgb = rgb_of(image);
  if (!rgb) return rgb;
  return finish_frame(std::move(*rgb), picture, profile);
}

}  // namespace

tl::expected<Picture, Error> decode_avif(std::span<const std::byte> file,
                                         const ImageInfo& /*info*/) {
  const auto picture = parse_heif(file);
  if (!picture) return tl::unexpected(picture.error());
  const Decoder decoder = make_decoder(*picture);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(file.data());
  avifResult result = avifDecoderSetIOMemory(decoder.get(), bytes, file.size());
  if (result == AVIF_RESULT_OK) {
    result = avifDecoderSetSource(decoder.get(), AVIF_DECODER_SOURCE_PRIMARY_ITEM);
  }
  if (result == AVIF_RESULT_OK) result = avifDecoderParse(decoder.get());
  if (result == AVIF_RESULT_OK) result = avifDecoderNextImage(decoder.get());
  if (result != AVIF_RESULT_OK) return refusal(result);
  const avifImage& image = *decoder->image;
  auto frame = frame_of(image, *picture);
  if (!frame) return tl::unexpected(std::move(frame.error()));
  Picture decoded = picture_of(std::move(*frame));
  decoded.copyright = exif_copyright(as_span(image.exif));
  return decoded;
}

}  // namespace darkroom::imaging
