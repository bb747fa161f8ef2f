#include "imaging/limits.hpp"

#include <string>

#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::uint64_t pixels_per_tenth = 100'000;  // of a megapixel

std::string megapixels(std::uint64_t tenths) {
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " megapixels";
}

Refusal too_many_pixels(std::uint32_t width, std::uint32_t height, std::uint64_t limit) {
  const auto pixels = std::uint64_t{width} * height;
  std::string is = std::to_string(pixels) + " pixels";
  std::string may_be = std::to_string(limit) + " pixels";
  if (limit >= pixels_per_tenth) {
    // The picture is rounded up and the limit down, so that the two figures never look the same.
    is = megapixels((pixels + pixels_per_tenth - 1) / pixels_per_tenth);
    may_be = megapixels(limit / pixels_per_tenth);
  }
  return refuse(ErrorCode::too_many_pixels, "The image is too large: " + size_text(width, height) +
                                                " is " + is + "; the limit is " + may_be + ".");
}

}  // namespace

tl::expected<void, Error> check_limits(std::uint32_t width, std::uint32_t height,
                                       const Limits& limits) {
  if (width == 0 || height == 0) {
    return corrupt("its header says that the picture is " + size_text(width, height) + " pixels");
  }
  const auto pixels = std::uint64_t{width} * height;
  if (pixels > limits.max_pixels) return too_many_pixels(width, height, limits.max_pixels);
  if (width > limits.max_side || height > limits.max_side) {
    return refuse(ErrorCode::too_wide_or_high,
                  "The image is too large: " + size_text(width, height) +
                      " pixels; no side may be longer than " + std::to_string(limits.max_side) +
                      " pixels.");
  }
  return {};
}

std::string size_text(std::uint32_t width, std::uint32_t height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

}  // namespace darkroom::imaging
