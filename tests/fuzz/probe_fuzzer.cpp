// The header of a file of any kind: a size within the limits, or a sentence.

#include <cstddef>
#include <cstdint>
#include <span>

#include "imaging/probe.hpp"
#include "tests/fuzz/hold.hpp"

using namespace darkroom;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const imaging::Limits limits;
  const auto info = imaging::probe(std::as_bytes(std::span(data, size)), limits);
  if (info) {
    const std::uint64_t pixels = std::uint64_t{info->width} * info->height;
    fuzz::hold(pixels > 0 && pixels <= limits.max_pixels, "the size is within the limits");
    fuzz::hold(info->width <= limits.max_side && info->height <= limits.max_side,
               "the sides are within the limits");
    fuzz::hold(info->frames > 0 && info->frames <= limits.max_frames,
               "the number of frames is within the limits");
    fuzz::hold(info->orientation >= imaging::Orientation::normal &&
                   info->orientation <= imaging::Orientation::rotated_270,
               "the orientation is one of the eight");
  } else {
    fuzz::hold(info.error().message.ends_with('.'), "a refusal is a sentence");
  }
  return 0;
}
