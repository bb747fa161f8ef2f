#include "imaging/heif/avif_decoder.hpp"
#include "imaging/heif/heic_decoder.hpp"
#include "tests/imaging/heif/heif_samples.hpp"

namespace darkroom::imaging::testing {

tl::expected<Picture, Error> decode(const EncodedImage& file) {
  const auto info = probe(file, Limits{});
  if (!info) return tl::unexpected(info.error());
  return info->format == InputFormat::avif ? decode_avif(file, *info) : decode_heic(file, *info);
}

}  // namespace darkroom::imaging::testing
