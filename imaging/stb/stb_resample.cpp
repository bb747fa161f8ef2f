#include "imaging/stb/stb_resample.hpp"

#include <cstddef>
#include <limits>
#include <new>
#include <utility>

#include <stb_image_resize.h>

#include "imaging/limits.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

tl::expected<FramePtr, Error> resample(const Frame& frame, const Region& region, Size size,
                                       bool linear_light) {
  const auto channel_count = static_cast<int>(channels(frame.layout()));
  const int alpha = has_alpha(frame.layout()) ? channel_count - 1 : STBIR_ALPHA_CHANNEL_NONE;
  auto samples = PlaneBuffer::tight(size.width, size.height, channels(frame.layout()));
  // Without STBIR_FLAG_ALPHA_PREMULTIPLIED colours are weighted by their alpha, so that what lies
  // under transparent pixels does not bleed into their neighbours.
  constexpr int flags = 0;
  constexpr int tightly_packed = 0;
  // Texture coordinates from 0 to 1.
  const auto part = [](double pixels, std::uint32_t of) {
    return static_cast<float>(pixels / static_cast<double>(of));
  };
  const int done = stbir_resize_region(
      frame.samples().data(), static_cast<int>(frame.width()), static_cast<int>(frame.height()),
      tightly_packed, samples.row(0), static_cast<int>(size.width), static_cast<int>(size.height),
      tightly_packed, STBIR_TYPE_UINT8, channel_count, alpha, flags, STBIR_EDGE_CLAMP,
      STBIR_EDGE_CLAMP, STBIR_FILTER_CATMULLROM, STBIR_FILTER_CATMULLROM,
      linear_light ? STBIR_COLORSPACE_SRGB : STBIR_COLORSPACE_LINEAR, nullptr,
      part(region.left, frame.width()), part(region.top, frame.height()),
      part(region.left + region.width, frame.width()),
      part(region.top + region.height, frame.height()));
  // With arguments that are right, it fails only for want of memory.
  if (done == 0) return out_of_memory();
  return std::make_shared<const Frame>(frame.layout(), std::move(samples));
}

}  // namespace

tl::expected<FramePtr, Error> stb_resample(const Frame& frame, const Region& region, Size size,
                                           bool linear_light) {
  // stb_image_resize counts bytes in int.
  constexpr std::uint64_t most_bytes = std::numeric_limits<int>::max();
  const std::uint64_t most_pixels = most_bytes / channels(frame.layout());
  if (std::uint64_t{frame.width()} * frame.height() > most_pixels ||
      std::uint64_t{size.width} * size.height > most_pixels) {
    return refuse(ErrorCode::too_many_pixels, "The image is too large: resizing " +
                                                  size_text(frame.width(), frame.height()) +
                                                  " to " + size_text(size.width, size.height) +
                                                  " pixels takes more than 2 GiB.");
  }
  try {
    return resample(frame, region, size, linear_light);
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

}  // namespace darkroom::imaging
