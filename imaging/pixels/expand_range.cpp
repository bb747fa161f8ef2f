#include <algorithm>
#include <cstddef>

#include "imaging/pixels/vectorised.hpp"
#include "imaging/pixels/ycc.hpp"

namespace darkroom::imaging {
namespace {

/// (value - from) x factor / 65,536 + to
struct Stretch {
  std::int32_t from;
  std::int32_t factor;
  std::int32_t to;
};

constexpr std::int32_t unit = 1 << 16;
constexpr Stretch luma_stretch{.from = 16, .factor = (255 * unit + 219 / 2) / 219, .to = 0};
constexpr Stretch chroma_stretch{.from = 128, .factor = (255 * unit + 224 / 2) / 224, .to = 128};

DARKROOM_VECTORISED void stretch_row(std::uint8_t* row, std::size_t count, const Stretch& stretch) {
  const std::int32_t from = stretch.from;
  const std::int32_t factor = stretch.factor;
  const std::int32_t offset = stretch.to * unit + unit / 2;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t value = ((row[i] - from) * factor + offset) >> 16;
    row[i] = static_cast<std::uint8_t>(std::min(std::max(value, 0), 255));
  }
}

void stretch_plane(PlaneBuffer& plane, const Stretch& stretch) {
  for (std::uint32_t y = 0; y < plane.height(); ++y) {
    stretch_row(plane.row(y), plane.width(), stretch);
  }
}

}  // namespace

void expand_range(PlaneBuffer& luma, PlaneBuffer& cb, PlaneBuffer& cr) {
  stretch_plane(luma, luma_stretch);
  stretch_plane(cb, chroma_stretch);
  stretch_plane(cr, chroma_stretch);
}

}  // namespace darkroom::imaging
