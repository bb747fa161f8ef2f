#include "imaging/pixels/sharpen.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "imaging/pixels/copy.hpp"
#include "imaging/pixels/luma.hpp"
#include "imaging/pixels/vectorised.hpp"

namespace darkroom::imaging {
namespace {

/// The blur's weights sum up to 16, and the strength is counted in 1/256.
constexpr int blur_bits = 4;
constexpr int strength_bits = 8;
constexpr int shift = blur_bits + strength_bits;

/// A row with its neighbours above and below; at the edge of the picture it is its own.
struct Rows {
  const std::uint8_t* above;
  const std::uint8_t* here;
  const std::uint8_t* below;
};

Rows rows_at(const Plane& plane, std::uint32_t y) {
  return {plane.row(y == 0 ? 0 : y - 1).data(), plane.row(y).data(),
          plane.row(std::min(y + 1, plane.height - 1)).data()};
}

/// What is added to each pixel. `columns` has room for one more at both ends.
DARKROOM_VECTORISED void differences(const Rows& rows, std::size_t count, std::int32_t strength,
                                     std::int16_t* columns, std::int16_t* out) {
  std::int16_t* const sums = columns + 1;
  for (std::size_t x = 0; x < count; ++x) {
    sums[x] = static_cast<std::int16_t>(rows.above[x] + 2 * rows.here[x] + rows.below[x]);
  }
  sums[-1] = sums[0];
  sums[count] = sums[count - 1];
  for (std::size_t x = 0; x < count; ++x) {
    const std::int32_t blur = columns[x] + 2 * columns[x + 1] + columns[x + 2];
    const std::int32_t difference = (rows.here[x] << blur_bits) - blur;
    out[x] = static_cast<std::int16_t>((difference * strength + (1 << (shift - 1))) >> shift);
  }
}

/// The same where each neighbour counts as much as it is opaque.
void weighted_differences(const Rows& luma, const Rows& alpha, std::size_t count,
                          std::int32_t strength, std::int16_t* out) {
  constexpr std::array<std::int32_t, 3> binomial{1, 2, 1};
  const std::array<const std::uint8_t*, 3> values{luma.above, luma.here, luma.below};
  const std::array<const std::uint8_t*, 3> covers{alpha.above, alpha.here, alpha.below};
  for (std::size_t x = 0; x < count; ++x) {
    std::int32_t sum = 0;
    std::int32_t weights = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t at = std::min(x + i - (x + i > 0 ? 1 : 0), count - 1);
        const std::int32_t weight = binomial.at(i) * binomial.at(j) * covers.at(j)[at];
        sum += weight * values.at(j)[at];
        weights += weight;
      }
    }
    const std::int32_t blur =
        weights == 0 ? luma.here[x] << blur_bits : ((sum << blur_bits) + weights / 2) / weights;
    const std::int32_t difference = (luma.here[x] << blur_bits) - blur;
    out[x] = static_cast<std::int16_t>((difference * strength + (1 << (shift - 1))) >> shift);
  }
}

template <std::size_t Step, std::size_t Colours>
DARKROOM_VECTORISED void add_row(const std::int16_t* differences, std::size_t count,
                                 std::uint8_t* row) {
  for (std::size_t x = 0; x < count; ++x) {
    for (std::size_t c = 0; c < Colours; ++c) {
      const int value = row[x * Step + c] + differences[x];
      row[x * Step + c] = static_cast<std::uint8_t>(std::min(std::max(value, 0), 255));
    }
  }
}

auto row_adder(PixelLayout layout) {
  switch (layout) {
    case PixelLayout::grey_alpha:
      return add_row<2, 1>;
    case PixelLayout::rgb:
      return add_row<3, 3>;
    case PixelLayout::rgba:
      return add_row<4, 3>;
    case PixelLayout::grey:
    case PixelLayout::ycc:
      break;
  }
  return add_row<1, 1>;
}

PlaneBuffer alpha_of(const Frame& frame) {
  auto alpha = PlaneBuffer::aligned(frame.width(), frame.height());
  const std::size_t step = channels(frame.layout());
  for (std::uint32_t y = 0; y < frame.height(); ++y) {
    const auto from = frame.plane(0).row(y);
    for (std::size_t x = 0; x < frame.width(); ++x) {
      alpha.row(y)[x] = from[x * step + step - 1];
    }
  }
  return alpha;
}

}  // namespace

FramePtr sharpen(const Frame& frame, double strength) {
  auto planes = copied_planes(frame);
  const auto factor = static_cast<std::int32_t>(std::lround(strength * (1 << strength_bits)));
  const PlaneBuffer luma = luma_of(frame);
  const bool alpha = has_alpha(frame.layout());
  const PlaneBuffer cover = alpha ? alpha_of(frame) : PlaneBuffer();
  const auto add = row_adder(frame.layout());
  std::vector<std::int16_t> columns(std::size_t{frame.width()} + 2);
  std::vector<std::int16_t> added(frame.width());
  for (std::uint32_t y = 0; y < frame.height() && factor != 0; ++y) {
    const Rows rows = rows_at(luma.view(), y);
    if (alpha) {
      weighted_differences(rows, rows_at(cover.view(), y), added.size(), factor, added.data());
    } else {
      differences(rows, added.size(), factor, columns.data(), added.data());
    }
    add(added.data(), added.size(), planes[0].row(y));
  }
  return frame_of(frame.layout(), frame.subsampling(), std::move(planes));
}

}  // namespace darkroom::imaging
