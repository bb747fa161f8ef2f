#include "imaging/stb_resample.hpp"

#include <cstddef>
#include <limits>
#include <new>
#include <utility>
#include <vector>

#include <stb_image_resize.h>

#include "imaging/limits.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

tl::expected<FramePtr, Error> resample(const Frame& frame, std::uint32_t width,
                                       std::uint32_t height) {
  const auto channel_count = static_cast<int>(channels(frame.layout()));
  const int alpha = has_alpha(frame.layout()) ? channel_count - 1 : STBIR_ALPHA_CHANNEL_NONE;
  std::vector<std::uint8_t> samples(std::size_t{width} * height * channels(frame.layout()));
  // Without STBIR_FLAG_ALPHA_PREMULTIPLIED colours are weighted by their alpha, so that what lies
  // under transparent pixels does not bleed into their neighbours.
  constexpr int flags = 0;
  constexpr int tightly_packed = 0;
  const int done = stbir_resize_uint8_generic(
      frame.samples().data(), static_cast<int>(frame.width()), static_cast<int>(frame.height()),
      tightly_packed, samples.data(), static_cast<int>(width), static_cast<int>(height),
      tightly_packed, channel_count, alpha, flags, STBIR_EDGE_CLAMP, STBIR_FILTER_CATMULLROM,
      STBIR_COLORSPACE_LINEAR, nullptr);
  // With arguments that are right, it fails only for want of memory.
  if (done == 0) return out_of_memory();
  return std::make_shared<const Frame>(width, height, frame.layout(), std::move(samples));
}

}  // namespace

tl::expected<FramePtr, Error> stb_resample(const Frame& frame, std::uint32_t width,
                                           std::uint32_t height) {
  // stb_image_resize counts bytes in int.
  constexpr std::uint64_t most_bytes = std::numeric_limits<int>::max();
  const std::uint64_t most_pixels = most_bytes / channels(frame.layout());
  if (std::uint64_t{frame.width()} * frame.height() > most_pixels ||
      std::uint64_t{width} * height > most_pixels) {
    return refuse(ErrorCode::too_many_pixels,
                  "The image is too large: resizing " + size_text(frame.width(), frame.height()) +
                      " to " + size_text(width, height) + " pixels takes more than 2 GiB.");
  }
  try {
    return resample(frame, width, height);
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

}  // namespace darkroom::imaging
