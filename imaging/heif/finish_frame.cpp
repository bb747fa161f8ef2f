#include "imaging/heif/finish_frame.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include <avif/avif.h>

#include "imaging/colour/colour_conversion.hpp"
#include "imaging/colour/make_profile.hpp"
#include "imaging/pixels/flatten.hpp"
#include "imaging/pixels/orientation.hpp"

namespace darkroom::imaging {
namespace {

FramePtr crop(FramePtr frame, const HeifPicture& picture) {
  if (picture.shown == picture.coded) return frame;
  const std::uint32_t step = channels(frame->layout());
  auto part = PlaneBuffer::tight(picture.shown.width, picture.shown.height, step);
  for (std::uint32_t y = 0; y < picture.shown.height; ++y) {
    const auto row = frame->plane(0).row(picture.top + y);
    std::copy_n(row.data() + std::size_t{picture.left} * step, part.view().stride, part.row(y));
  }
  return std::make_shared<const Frame>(frame->layout(), std::move(part));
}

}  // namespace

std::vector<std::byte> profile_of_primaries(std::uint16_t number) {
  const bool usual = number == AVIF_COLOR_PRIMARIES_BT709 ||
                     number == AVIF_COLOR_PRIMARIES_UNSPECIFIED ||
                     number == AVIF_COLOR_PRIMARIES_UNKNOWN;
  if (usual) return {};
  std::array<float, 8> values{};  // Red, green, blue, white.
  avifColorPrimariesGetValues(number, values.data());
  const auto point = [&](std::size_t i) {
    return Chromaticity{values.at(i * 2), values.at(i * 2 + 1)};
  };
  return make_profile({point(3), point(0), point(1), point(2)}, std::nullopt);
}

bool is_high_dynamic_range(std::uint16_t transfer) {
  return transfer == AVIF_TRANSFER_CHARACTERISTICS_SMPTE2084 ||
         transfer == AVIF_TRANSFER_CHARACTERISTICS_HLG;
}

FramePtr finish_frame(FramePtr frame, const HeifPicture& picture,
                      std::span<const std::byte> profile) {
  frame = crop(std::move(frame), picture);
  if (has_alpha(frame->layout()) && is_opaque(frame->samples(), frame->layout())) {
    frame = drop_alpha(*frame);
  }
  if (!profile.empty()) frame = convert_to_srgb(frame, profile);
  return make_upright(std::move(frame), picture.orientation);
}

}  // namespace darkroom::imaging
