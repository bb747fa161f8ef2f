#include "imaging/plane_buffer.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::size_t alignment = 64;

std::uint8_t* allocate(std::pmr::memory_resource& memory, std::size_t bytes) {
  return static_cast<std::uint8_t*>(memory.allocate(bytes, alignment));
}

}  // namespace

PlaneBuffer::PlaneBuffer(std::uint32_t width, std::uint32_t height, std::uint32_t channels,
                         std::size_t stride, std::uint32_t rows)
    : samples_(allocate(*std::pmr::get_default_resource(), stride * rows),
               Free{std::pmr::get_default_resource(), stride * rows}),
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
  memory->deallocate(samples, bytes, alignment);
}

}  // namespace darkroom::imaging
