#include "imaging/pixels/orientation.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

#include "imaging/pixels/copy.hpp"
#include "imaging/pixels/resample_plane.hpp"
#include "imaging/pixels/transpose.hpp"
#include "imaging/pixels/vectorised.hpp"

namespace darkroom::imaging {
namespace {

/// How an upright picture is read from the stored one: its rows from the bottom, its columns from
/// the right, then rows and columns change places.
struct Turn {
  bool from_bottom;
  bool from_right;
  bool transposed;
};

Turn turn_for(Orientation orientation) {
  switch (orientation) {
    case Orientation::normal:
      break;
    case Orientation::mirrored:
      return {false, true, false};
    case Orientation::rotated_180:
      return {true, true, false};
    case Orientation::flipped:
      return {true, false, false};
    case Orientation::transposed:
      return {false, false, true};
    case Orientation::rotated_90:
      return {true, false, true};
    case Orientation::transversed:
      return {true, true, true};
    case Orientation::rotated_270:
      return {false, true, true};
  }
  return {false, false, false};
}

template <std::size_t Bytes>
DARKROOM_VECTORISED void mirror_row(const std::uint8_t* from, std::size_t pixels,
                                    std::uint8_t* to) {
  for (std::size_t x = 0; x < pixels; ++x) {
    for (std::size_t c = 0; c < Bytes; ++c) {
      to[x * Bytes + c] = from[(pixels - 1 - x) * Bytes + c];
    }
  }
}

void mirror(const std::uint8_t* from, std::size_t pixels, std::uint32_t bytes, std::uint8_t* to) {
  switch (bytes) {
    case 1:
      return mirror_row<1>(from, pixels, to);
    case 2:
      return mirror_row<2>(from, pixels, to);
    case 3:
      return mirror_row<3>(from, pixels, to);
    default:
      return mirror_row<4>(from, pixels, to);
  }
}

void turn_plane(const Plane& stored, Turn turn, PlaneBuffer& upright) {
  const auto stride = static_cast<std::ptrdiff_t>(stored.stride);
  const std::uint8_t* from = stored.row(turn.from_bottom ? stored.height - 1 : 0).data();
  const std::ptrdiff_t from_step = turn.from_bottom ? -stride : stride;
  if (turn.transposed) {
    const auto to_stride = static_cast<std::ptrdiff_t>(upright.view().stride);
    std::uint8_t* to = upright.row(turn.from_right ? upright.height() - 1 : 0);
    return transpose(from, from_step, stored.height, stored.width, stored.channels, to,
                     turn.from_right ? -to_stride : to_stride);
  }
  for (std::uint32_t y = 0; y < upright.height(); ++y) {
    const std::uint8_t* row = from + from_step * std::ptrdiff_t{y};
    if (turn.from_right) {
      mirror(row, stored.width, stored.channels, upright.row(y));
    } else {
      std::memcpy(upright.row(y), row, std::size_t{stored.width} * stored.channels);
    }
  }
}

/// The last chroma sample of an odd side reaches past the picture. Read from there, chroma would
/// begin outside of it: the grid is moved so that it begins with the picture.
Region chroma_region(const Frame& stored, Turn turn) {
  const Subsampling subsampling = stored.subsampling();
  const Plane& chroma = stored.plane(1);
  Region region = whole({chroma.width, chroma.height});
  if (turn.from_right) {
    region.left = static_cast<double>(stored.width()) / subsampling.horizontal - chroma.width;
  }
  if (turn.from_bottom) {
    region.top = static_cast<double>(stored.height()) / subsampling.vertical - chroma.height;
  }
  return region;
}

void turn_chroma(const Frame& stored, Turn turn, std::array<PlaneBuffer, 3>& upright) {
  const Size size{stored.plane(1).width, stored.plane(1).height};
  const Region region = chroma_region(stored, turn);
  for (const std::size_t i : {1U, 2U}) {
    const Plane& plane = stored.plane(i);
    if (region == whole(size)) {
      turn_plane(plane, turn, upright.at(i));
      continue;
    }
    PlaneBuffer moved = PlaneBuffer::aligned(size.width, size.height);
    resample_plane(plane, PlaneWeights(plane, region, size), moved);
    turn_plane(moved.view(), turn, upright.at(i));
  }
}

}  // namespace

FramePtr make_upright(FramePtr stored, Orientation orientation) {
  if (orientation == Orientation::normal) return stored;
  const Turn turn = turn_for(orientation);
  Size size = stored->size();
  Subsampling subsampling = stored->subsampling();
  if (turn.transposed) {
    std::swap(size.width, size.height);
    std::swap(subsampling.horizontal, subsampling.vertical);
  }
  auto upright = planes_for(stored->layout(), size, subsampling);
  turn_plane(stored->plane(0), turn, upright[0]);
  if (stored->layout() == PixelLayout::ycc) turn_chroma(*stored, turn, upright);
  return frame_of(stored->layout(), subsampling, std::move(upright));
}

}  // namespace darkroom::imaging
