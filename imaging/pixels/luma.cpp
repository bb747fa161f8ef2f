#include "imaging/pixels/luma.hpp"

#include <cstddef>
#include <cstdint>

#include "imaging/pixels/vectorised.hpp"

namespace darkroom::imaging {
namespace {

template <std::size_t Step>
DARKROOM_VECTORISED void luma_row(const std::uint8_t* from, std::size_t pixels, std::uint8_t* out) {
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::uint8_t* pixel = from + i * Step;
    const int sum = Step < 3 ? pixel[0] << 16
                             : 19'595 * pixel[0] + 38'470 * pixel[Step < 3 ? 0 : 1] +
                                   7'471 * pixel[Step < 3 ? 0 : 2];
    out[i] = static_cast<std::uint8_t>((sum + (1 << 15)) >> 16);
  }
}

}  // namespace

PlaneBuffer luma_of(const Frame& frame) {
  auto luma = PlaneBuffer::aligned(frame.width(), frame.height());
  for (std::uint32_t y = 0; y < frame.height(); ++y) {
    const std::uint8_t* from = frame.plane(0).row(y).data();
    switch (channels(frame.layout())) {
      case 1:
        luma_row<1>(from, frame.width(), luma.row(y));
        break;
      case 2:
        luma_row<2>(from, frame.width(), luma.row(y));
        break;
      case 3:
        luma_row<3>(from, frame.width(), luma.row(y));
        break;
      default:
        luma_row<4>(from, frame.width(), luma.row(y));
        break;
    }
  }
  return luma;
}

}  // namespace darkroom::imaging
