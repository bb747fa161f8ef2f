#include "imaging/pixels/interest.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "imaging/pixels/luma.hpp"
#include "imaging/pixels/ycc.hpp"

namespace darkroom::imaging {
namespace {

/// How like skin a colour is, 0 to 64: the distance of its direction from that of typical skin.
int skin(int red, int green, int blue) {
  constexpr double typical_red = 0.78;
  constexpr double typical_green = 0.57;
  constexpr double typical_blue = 0.44;
  constexpr double furthest = 0.2;
  constexpr double most = 64;
  constexpr int darkest = 3 * 50;
  if (red + green + blue < darkest) return 0;
  const double length = std::sqrt(static_cast<double>(red * red + green * green + blue * blue));
  const double by_red = red / length - typical_red;
  const double by_green = green / length - typical_green;
  const double by_blue = blue / length - typical_blue;
  const double distance = std::sqrt(by_red * by_red + by_green * by_green + by_blue * by_blue);
  return distance < furthest ? static_cast<int>((furthest - distance) / furthest * most) : 0;
}

int edge(const Plane& luma, std::uint32_t x, std::uint32_t y) {
  const auto here = luma.row(y);
  const auto above = luma.row(y == 0 ? 0 : y - 1);
  const auto below = luma.row(std::min(y + 1, luma.height - 1));
  const int left = here[x == 0 ? 0 : x - 1];
  const int right = here[std::min(x + 1, luma.width - 1)];
  return std::abs(4 * here[x] - left - right - above[x] - below[x]);
}

/// An edge gives up to 1,020, a strong colour up to 31, skin up to 64.
std::int64_t interest(const std::uint8_t* pixel, std::uint32_t channel_count, int edge_energy) {
  const auto [lowest, highest] = std::minmax({int{pixel[0]}, int{pixel[1]}, int{pixel[2]}});
  const int colour = (highest - lowest) / 8 + skin(pixel[0], pixel[1], pixel[2]);
  const int opacity = channel_count == 4 ? pixel[3] : 255;
  return std::int64_t{edge_energy + colour} * opacity;
}

/// The sums of all columns, or of all rows.
std::vector<std::int64_t> interest_along(const Frame& frame, bool columns) {
  const FramePtr rgb = to_rgb(frame);
  const PlaneBuffer luma = luma_of(*rgb);
  const std::uint32_t step = channels(rgb->layout());
  std::vector<std::int64_t> sums(columns ? frame.width() : frame.height());
  for (std::uint32_t y = 0; y < frame.height(); ++y) {
    const auto row = rgb->plane(0).row(y);
    for (std::uint32_t x = 0; x < frame.width(); ++x) {
      sums[columns ? x : y] +=
          interest(row.data() + std::size_t{x} * step, step, edge(luma.view(), x, y));
    }
  }
  return sums;
}

/// Where the window of `length` with the largest sum begins.
std::uint32_t best_window(const std::vector<std::int64_t>& sums, std::uint32_t length) {
  const auto last = static_cast<std::uint32_t>(sums.size()) - length;
  std::int64_t sum = 0;
  for (std::uint32_t i = 0; i < length; ++i) {
    sum += sums[i];
  }
  const auto off_centre = [&](std::uint32_t begin) {
    return std::abs(2 * std::int64_t{begin} - std::int64_t{last});
  };
  std::uint32_t best = 0;
  std::int64_t best_sum = sum;
  for (std::uint32_t begin = 1; begin <= last; ++begin) {
    sum += sums[begin + length - 1] - sums[begin - 1];
    if (sum > best_sum || (sum == best_sum && off_centre(begin) < off_centre(best))) {
      best = begin;
      best_sum = sum;
    }
  }
  return best;
}

/// `side` x `part` / `of`, rounded, 1 to `most`.
std::uint32_t proportional(std::uint64_t side, std::uint64_t part, std::uint64_t of,
                           std::uint32_t most) {
  const std::uint64_t rounded = (side * part + of / 2) / of;
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(rounded, 1, most));
}

}  // namespace

Region most_interesting(const Frame& frame, Size shape) {
  const Size size = frame.size();
  const bool along_width =
      std::uint64_t{size.width} * shape.height >= std::uint64_t{size.height} * shape.width;
  Region region = whole(size);
  const auto sums = interest_along(frame, along_width);
  if (along_width) {
    const auto width = proportional(size.height, shape.width, shape.height, size.width);
    region.left = best_window(sums, width);
    region.width = width;
  } else {
    const auto height = proportional(size.width, shape.height, shape.width, size.height);
    region.top = best_window(sums, height);
    region.height = height;
  }
  return region;
}

}  // namespace darkroom::imaging
