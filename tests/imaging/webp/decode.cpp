#include "imaging/webp/webp_decoder.hpp"
#include "tests/imaging/webp/webp_samples.hpp"

namespace darkroom::imaging::testing {

tl::expected<Picture, Error> decode(const EncodedImage& file) {
  const auto info = probe(file, Limits{});
  if (!info) return tl::unexpected(info.error());
  return decode_webp(file, *info);
}

}  // namespace darkroom::imaging::testing
