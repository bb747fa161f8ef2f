#include "imaging/pixels/copy.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace darkroom::imaging {

std::array<PlaneBuffer, 3> planes_for(PixelLayout layout, Size size, Subsampling subsampling) {
  if (layout != PixelLayout::ycc) {
    return {PlaneBuffer::tight(size.width, size.height, channels(layout)), {}, {}};
  }
  const Size chroma = chroma_size(size, subsampling);
  return {PlaneBuffer::aligned(size.width, size.height),
          PlaneBuffer::aligned(chroma.width, chroma.height),
          PlaneBuffer::aligned(chroma.width, chroma.height)};
}

std::array<PlaneBuffer, 3> copied_planes(const Frame& frame) {
  auto planes = planes_for(frame.layout(), frame.size(), frame.subsampling());
  for (std::size_t i = 0; i < frame.plane_count(); ++i) {
    const Plane& plane = frame.plane(i);
    for (std::uint32_t y = 0; y < plane.height; ++y) {
      std::ranges::copy(plane.row(y), planes.at(i).row(y));
    }
  }
  return planes;
}

FramePtr frame_of(PixelLayout layout, Subsampling subsampling, std::array<PlaneBuffer, 3> planes) {
  if (layout == PixelLayout::ycc) {
    return std::make_shared<const Frame>(subsampling, std::move(planes));
  }
  return std::make_shared<const Frame>(layout, std::move(planes[0]));
}

FramePtr copy_of(const Frame& frame) {
  return frame_of(frame.layout(), frame.subsampling(), copied_planes(frame));
}

}  // namespace darkroom::imaging
