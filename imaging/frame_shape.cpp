#include "imaging/frame_shape.hpp"

namespace darkroom::imaging {
namespace {

/// PlaneBuffer::aligned.
std::uint64_t aligned_bytes(Size size) {
  constexpr std::uint64_t alignment = 64;
  return (size.width + alignment - 1) / alignment * alignment * size.height;
}

}  // namespace

std::uint64_t pixels_of(Size size) {
  return std::uint64_t{size.width} * size.height;
}

std::uint64_t bytes_of(const FrameShape& shape) {
  if (shape.layout != PixelLayout::ycc) return pixels_of(shape.size) * channels(shape.layout);
  return aligned_bytes(shape.size) + 2 * aligned_bytes(chroma_size(shape.size, shape.subsampling));
}

std::uint64_t samples_of(const FrameShape& shape) {
  if (shape.layout != PixelLayout::ycc) return pixels_of(shape.size) * channels(shape.layout);
  return pixels_of(shape.size) + 2 * pixels_of(chroma_size(shape.size, shape.subsampling));
}

}  // namespace darkroom::imaging
