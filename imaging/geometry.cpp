#include "imaging/geometry.hpp"

#include <algorithm>
#include <cmath>

namespace darkroom::imaging {
namespace {

using jobs::Fit;
using jobs::Gravity;
using jobs::RenditionSpec;

/// `side` x `bound` / `bounded`, rounded to nearest, at least 1. The product of two 32-bit numbers
/// and half of a third fit 64 bits.
std::uint32_t scale_side(std::uint32_t side, std::uint32_t bound, std::uint32_t bounded) {
  const std::uint64_t product = std::uint64_t{side} * bound;
  const std::uint64_t rounded = (product + bounded / 2) / bounded;
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(rounded, 1));
}

/// Where in the room left over a picture stands, each from 0 (left, top) to 1.
jobs::FocalPoint anchor(Gravity gravity) {
  switch (gravity) {
    case Gravity::north:
      return {0.5, 0};
    case Gravity::northeast:
      return {1, 0};
    case Gravity::east:
      return {1, 0.5};
    case Gravity::southeast:
      return {1, 1};
    case Gravity::south:
      return {0.5, 1};
    case Gravity::southwest:
      return {0, 1};
    case Gravity::west:
      return {0, 0.5};
    case Gravity::northwest:
      return {0, 0};
    case Gravity::centre:
    case Gravity::smart:
      break;
  }
  return {0.5, 0.5};
}

/// Where a window of `length` begins in `whole` with its middle as near to `point` as can be.
double window_around(double point, double length, double whole) {
  return std::clamp(point * whole - length / 2, 0.0, whole - length);
}

Geometry cover(Size source, Size box, const RenditionSpec& spec) {
  if (!spec.enlarge && (source.width < box.width || source.height < box.height)) {
    box = fit_inside(box, source);
  }
  const double scale = std::max(static_cast<double>(box.width) / source.width,
                                static_cast<double>(box.height) / source.height);
  Region region = whole(source);
  region.width = std::min(box.width / scale, region.width);
  region.height = std::min(box.height / scale, region.height);
  if (spec.focus) {
    region.left = window_around(spec.focus->x, region.width, source.width);
    region.top = window_around(spec.focus->y, region.height, source.height);
  } else {
    const auto at = anchor(spec.gravity);
    region.left = at.x * (source.width - region.width);
    region.top = at.y * (source.height - region.height);
  }
  return {.region = region, .scaled = box, .canvas = box, .left = 0, .top = 0};
}

Geometry pad(Size source, Size box, const RenditionSpec& spec) {
  const Size scaled = fit_inside(source, box, spec.enlarge);
  const auto at = anchor(spec.gravity);
  const auto place = [](double part, std::uint32_t room) {
    return static_cast<std::uint32_t>(std::floor(part * room));
  };
  return {.region = whole(source),
          .scaled = scaled,
          .canvas = box,
          .left = place(at.x, box.width - scaled.width),
          .top = place(at.y, box.height - scaled.height)};
}

Geometry plain(Size source, Size scaled) {
  return {.region = whole(source), .scaled = scaled, .canvas = scaled, .left = 0, .top = 0};
}

Size at_most(Size box, Size source) {
  return {std::min(box.width, source.width), std::min(box.height, source.height)};
}

}  // namespace

Size fit_inside(Size source, Size box, bool enlarge) {
  source.width = std::max(source.width, 1U);
  source.height = std::max(source.height, 1U);
  if (box.width == 0 && box.height == 0) return source;
  const bool smaller = (box.width == 0 || source.width <= box.width) &&
                       (box.height == 0 || source.height <= box.height);
  if (smaller && !enlarge) return source;
  const bool width_binds =
      box.height == 0 || (box.width != 0 && std::uint64_t{box.width} * source.height <=
                                                std::uint64_t{box.height} * source.width);
  if (width_binds) return {box.width, scale_side(source.height, box.width, source.width)};
  return {scale_side(source.width, box.height, source.height), box.height};
}

Geometry geometry_of(Size source, const RenditionSpec& spec) {
  const Size box{spec.width, spec.height};
  const bool whole_box = box.width != 0 && box.height != 0;
  if (whole_box && spec.fit == Fit::cover) return cover(source, box, spec);
  if (whole_box && spec.fit == Fit::pad) return pad(source, box, spec);
  if (whole_box && spec.fit == Fit::fill) {
    return plain(source, spec.enlarge ? box : at_most(box, source));
  }
  return plain(source, fit_inside(source, box, spec.enlarge));
}

}  // namespace darkroom::imaging
