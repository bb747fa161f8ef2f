#include "imaging/backend.hpp"
#include "imaging/stb/stb_decode.hpp"
#include "imaging/stb/stb_encode.hpp"
#include "imaging/stb/stb_resample.hpp"

namespace darkroom::imaging {
namespace {

class StbBackend final : public Backend {
 public:
  tl::expected<Picture, Error> decode(std::span<const std::byte> bytes, const Limits& limits,
                                      const DecodeRequest&) const override {
    return stb_decode(bytes, limits).map(picture_of);
  }

  tl::expected<FramePtr, Error> resample(const Frame& frame, const Region& region, Size size,
                                         bool linear_light) const override {
    return stb_resample(frame, region, size, linear_light);
  }

  tl::expected<EncodedImage, Error> encode(const Frame& frame,
                                           const EncodeOptions& options) const override {
    return stb_encode(frame, options);
  }
};

}  // namespace

const Backend& stb_backend() {
  static const StbBackend backend;
  return backend;
}

}  // namespace darkroom::imaging
