#include "imaging/plane_buffer.hpp"

#include <new>

namespace darkroom::imaging {
namespace {

constexpr std::size_t alignment = 64;

}  // namespace

PlaneBuffer::PlaneBuffer(std::uint32_t width, std::uint32_t height, std::uint32_t channels,
                         std::size_t stride, std::uint32_t rows)
    : samples_(
          static_cast<std::uint8_t*>(::operator new (stride* rows, std::align_val_t{alignment}))),
      view_{.width = width,
            .height = height,
            .channels = channels,
            .stride = stride,
            .data = samples_.get()} {}

PlaneBuffer PlaneBuffer::tight(std::uint32_t width, std::uint32_t height, std::uint32_t channels) {
  return {width, height, channels, std::size_t{width} * channels, height};
}

PlaneBuffer PlaneBuffer::aligned(std::uint32_t width, std::uint32_t height) {
  const std::size_t stride = (std::size_t{width} + alignment - 1) / alignment * alignment;
  return {width, height, 1, stride, height};
}

void PlaneBuffer::Free::operator()(std::uint8_t* samples) const {
  ::operator delete (samples, std::align_val_t{alignment});
}

}  // namespace darkroom::imaging
