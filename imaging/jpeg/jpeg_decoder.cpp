#include "imaging/jpeg/jpeg_decoder.hpp"

#include <cstdio>
#include <memory>
#include <utility>

#include <jpeglib.h>

#include "imaging/colour/srgb_profile.hpp"
#include "imaging/formats/jpeg_metadata.hpp"
#include "imaging/jpeg/jpeg_coefficients.hpp"
#include "imaging/jpeg/jpeg_planes.hpp"
#include "imaging/jpeg/jpeg_reader.hpp"
#include "imaging/jpeg/jpeg_rows.hpp"
#include "imaging/pixels/orientation.hpp"

namespace darkroom::imaging {
namespace {

/// By how much the picture may be scaled down while it is decoded: 1, 2, 4 or 8. By 8 libjpeg-turbo
/// decodes no coefficient but the first of each block (jdhuff.c, ac_needed), so that those who want
/// them all get no more than 4.
unsigned scale_divisor(const ImageInfo& info, Size sufficient, bool keep_coefficients) {
  if (sufficient == Size{}) return 1;
  const unsigned most = keep_coefficients ? DCTSIZE / 2 : DCTSIZE;
  const Size size = upright_size(info);
  const auto suffices = [&](unsigned divisor) {
    return (size.width + divisor - 1) / divisor >= sufficient.width &&
           (size.height + divisor - 1) / divisor >= sufficient.height;
  };
  unsigned divisor = 1;
  while (divisor < most && suffices(divisor * 2))
    divisor *= 2;
  return divisor;
}

bool stays_in_planes(const JpegMetadata& metadata, const ImageInfo& info) {
  if (metadata.colour != JpegColour::ycc || !info.jpeg_subsampling) return false;
  return info.transcodable || metadata.icc.empty() || is_srgb_profile(metadata.icc);
}

}  // namespace

tl::expected<Picture, Error> decode_jpeg(std::span<const std::byte> file, const ImageInfo& info,
                                         const DecodeRequest& request) {
  auto metadata = read_jpeg_metadata(file);
  if (!metadata) return tl::unexpected(std::move(metadata.error()));
  const auto reader = std::make_shared<JpegReader>();
  if (auto opened = reader->open(file, info); !opened) {
    return tl::unexpected(std::move(opened.error()));
  }
  const bool keep_coefficients = request.coefficients && info.transcodable;
  reader->codec().scale_num = 1;
  reader->codec().scale_denom = scale_divisor(info, request.sufficient, keep_coefficients);
  auto frame = stays_in_planes(*metadata, info)
                   ? read_jpeg_planes(*reader, keep_coefficients)
                   : read_jpeg_rows(*reader, *metadata, keep_coefficients);
  if (!frame) return tl::unexpected(std::move(frame.error()));

  Picture picture;
  picture.size = upright_size(info);
  picture.frame = make_upright(std::move(*frame), info.orientation);
  picture.copyright = std::move(metadata->copyright);
  if (keep_coefficients) {
    auto coefficients = take_jpeg_coefficients(reader, *info.jpeg_subsampling);
    if (!coefficients) return tl::unexpected(std::move(coefficients.error()));
    picture.coefficients = std::move(*coefficients);
  }
  return picture;
}

}  // namespace darkroom::imaging
