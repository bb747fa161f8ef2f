#include "imaging/png/png_decoder.hpp"
#include "tests/imaging/png/png_samples.hpp"

namespace darkroom::imaging::testing {

tl::expected<Picture, Error> decode(const EncodedImage& file) {
  const auto info = probe(file, Limits{});
  if (!info) return tl::unexpected(info.error());
  return decode_png(file, *info);
}

}  // namespace darkroom::imaging::testing
