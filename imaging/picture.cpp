#include "imaging/picture.hpp"

#include <utility>

namespace darkroom::imaging {

Picture picture_of(FramePtr frame) {
  const Size size = frame->size();
  return {.size = size,
          .frame = std::move(frame),
          .extent = whole(size),
          .coefficients = {},
          .copyright = {}};
}

Region in_frame(const Picture& picture, const Region& region) {
  const double across = picture.extent.width / picture.size.width;
  const double down = picture.extent.height / picture.size.height;
  return {.left = picture.extent.left + region.left * across,
          .top = picture.extent.top + region.top * down,
          .width = region.width * across,
          .height = region.height * down};
}

}  // namespace darkroom::imaging
