#include "imaging/frame.hpp"

#include <stdexcept>
#include <utility>

namespace darkroom::imaging {

Frame::Frame(std::uint32_t width, std::uint32_t height, PixelLayout layout,
             std::vector<std::uint8_t> samples)
    : width_(width), height_(height), layout_(layout), samples_(std::move(samples)) {
  const auto pixels = std::uint64_t{width} * height;
  if (width == 0 || height == 0 || samples_.size() / channels(layout) != pixels ||
      samples_.size() % channels(layout) != 0) {
    throw std::invalid_argument("Frame: the samples do not fill width x height pixels");
  }
}

}  // namespace darkroom::imaging
