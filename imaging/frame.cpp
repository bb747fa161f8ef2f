#include "imaging/frame.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace darkroom::imaging {
namespace {

PlaneBuffer copy_of(std::uint32_t width, std::uint32_t height, PixelLayout layout,
                    const std::vector<std::uint8_t>& samples) {
  const auto pixels = std::uint64_t{width} * height;
  if (samples.size() / channels(layout) != pixels || samples.size() % channels(layout) != 0) {
    throw std::invalid_argument("Frame: the samples do not fill width x height pixels");
  }
  auto buffer = PlaneBuffer::tight(width, height, channels(layout));
  std::ranges::copy(samples, buffer.row(0));
  return buffer;
}

void check(bool right, const char* what) {
  if (!right) throw std::invalid_argument(what);
}

}  // namespace

Frame::Frame(std::uint32_t width, std::uint32_t height, PixelLayout layout,
             const std::vector<std::uint8_t>& samples)
    : Frame(layout, copy_of(width, height, layout, samples)) {}

Frame::Frame(PixelLayout layout, PlaneBuffer samples) : layout_(layout) {
  const Plane& plane = samples.view();
  check(layout != PixelLayout::ycc, "Frame: ycc takes three planes");
  check(plane.width > 0 && plane.height > 0, "Frame: no pixels");
  check(plane.channels == channels(layout), "Frame: the layout has another number of channels");
  check(plane.stride == std::size_t{plane.width} * plane.channels, "Frame: rows must be tight");
  planes_[0] = std::move(samples);
}

Frame::Frame(Subsampling subsampling, std::array<PlaneBuffer, 3> planes)
    : layout_(PixelLayout::ycc), subsampling_(subsampling), planes_(std::move(planes)) {
  check(width() > 0 && height() > 0, "Frame: no pixels");
  const Size chroma = chroma_size(size(), subsampling_);
  for (const std::size_t i : {1U, 2U}) {
    check(planes_.at(i).width() == chroma.width && planes_.at(i).height() == chroma.height,
          "Frame: a chroma plane has the wrong size");
  }
}

std::span<const std::uint8_t> Frame::samples() const {
  if (layout_ == PixelLayout::ycc) return {};
  const Plane& plane = planes_[0].view();
  return {plane.data, plane.stride * plane.height};
}

}  // namespace darkroom::imaging
