#include "imaging/backend.hpp"
#include "imaging/stb_decode.hpp"
#include "imaging/stb_encode.hpp"
#include "imaging/stb_resample.hpp"

namespace darkroom::imaging {
namespace {

class StbBackend final : public Backend {
 public:
  tl::expected<FramePtr, Error> decode(std::span<const std::byte> bytes,
                                       const Limits& limits) const override {
    return stb_decode(bytes, limits);
  }

  tl::expected<FramePtr, Error> resample(const Frame& frame, std::uint32_t width,
                                         std::uint32_t height) const override {
    return stb_resample(frame, width, height);
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
