#pragma once

#include <cstdint>
#include <optional>

#include "imaging/size.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::imaging {

/// How a rendition comes out of a picture: `region` of it is resampled to `scaled`, which is laid
/// at (left, top) on a canvas, larger than `scaled` only with jobs::Fit::pad.
struct Geometry {
  Region region;
  Size scaled;
  Size canvas;
  std::uint32_t left = 0;
  std::uint32_t top = 0;

  friend bool operator==(const Geometry&, const Geometry&) = default;
};

/// The largest size with the source's proportions that lies inside the box, never below 1 x 1, and
/// larger than the source only if `enlarge`. A box side of 0 does not limit. The side that does not
/// bind is rounded to the nearest pixel: 2725x2225 inside 1024x1024 is 1024x836.
[[nodiscard]] Size fit_inside(Size source, Size box, bool enlarge = false);

/// Where `cover` would make a picture larger and may not, the rendition is a smaller one of the
/// box's proportions; `fill` then leaves a side that is short as it is. For Gravity::smart the
/// region is that of Gravity::centre: which part is kept is seen in the pixels alone, by moving it.
[[nodiscard]] Geometry geometry_of(Size source, const jobs::RenditionSpec& spec);

}  // namespace darkroom::imaging
