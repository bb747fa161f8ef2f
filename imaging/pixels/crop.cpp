#include "imaging/pixels/crop.hpp"

#include "imaging/pixels/resample.hpp"

namespace darkroom::imaging {

FramePtr crop(const Frame& frame, Offset offset, Size size) {
  const Region region{.left = static_cast<double>(offset.x),
                      .top = static_cast<double>(offset.y),
                      .width = static_cast<double>(size.width),
                      .height = static_cast<double>(size.height)};
  return resample(frame, region, size);
}

}  // namespace darkroom::imaging
