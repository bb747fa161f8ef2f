#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include "imaging/pixels/box_average.hpp"
#include "imaging/pixels/copy.hpp"
#include "imaging/pixels/resample_plane.hpp"
#include "imaging/pixels/row_passes.hpp"
#include "imaging/pixels/vectorised.hpp"
#include "imaging/pixels/ycc.hpp"

namespace darkroom::imaging {
namespace {

// The factors of JFIF 1.02 x 65,536, rounded so that those of Y' sum up to one and those of Cb and
// Cr to nothing: grey stays grey.
constexpr int bits = 16;

/// Each product keeps 8 fractional bits, as the high half of 16 x 16 bits, for which there is one
/// instruction; on average the three lose 1.5 / 256 of a step, hence a little more than one half.
inline std::int32_t luma_of(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  const auto part = [](std::uint8_t value, std::uint16_t factor) {
    const auto wide = static_cast<std::uint16_t>(value << 8);
    return static_cast<std::uint16_t>(std::uint32_t{wide} * factor >> bits);
  };
  constexpr std::uint16_t half = 129;
  const auto sum = static_cast<std::uint16_t>(part(red, 19'595) + part(green, 38'470) +
                                              part(blue, 7'471) + half);
  return sum >> 8;
}

/// Of colours in 1/16 of a step. Just below one half is added, so that 255.5 does not become 256.
constexpr int fine_bits = bits + 4;
constexpr std::int32_t chroma_zero = (128 << fine_bits) + (1 << (fine_bits - 1)) - 1;

inline std::int32_t cb_of(std::int32_t red, std::int32_t green, std::int32_t blue) {
  return (-11'059 * red - 21'709 * green + 32'768 * blue + chroma_zero) >> fine_bits;
}

inline std::int32_t cr_of(std::int32_t red, std::int32_t green, std::int32_t blue) {
  return (32'768 * red - 27'439 * green - 5'329 * blue + chroma_zero) >> fine_bits;
}

DARKROOM_VECTORISED void luma_row(const std::uint8_t* red, const std::uint8_t* green,
                                  const std::uint8_t* blue, std::size_t count, std::uint8_t* out) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<std::uint8_t>(luma_of(red[i], green[i], blue[i]));
  }
}

DARKROOM_VECTORISED void chroma_rows(const std::uint16_t* red, const std::uint16_t* green,
                                     const std::uint16_t* blue, std::size_t count, std::uint8_t* cb,
                                     std::uint8_t* cr) {
  for (std::size_t i = 0; i < count; ++i) {
    cb[i] = static_cast<std::uint8_t>(cb_of(red[i], green[i], blue[i]));
    cr[i] = static_cast<std::uint8_t>(cr_of(red[i], green[i], blue[i]));
  }
}

FramePtr rgb_to_ycc(const Frame& frame, Subsampling subsampling) {
  const std::size_t width = frame.width();
  auto planes = planes_for(PixelLayout::ycc, frame.size(), subsampling);
  const std::size_t blocks = planes[1].width();
  std::vector<std::uint8_t> split(3 * width);
  std::uint8_t* const red = split.data();
  std::uint8_t* const green = red + width;
  std::uint8_t* const blue = green + width;
  std::vector<std::uint16_t> sums(3 * width);
  std::vector<std::uint16_t> means(3 * blocks);
  for (std::uint32_t chroma_y = 0; chroma_y < planes[1].height(); ++chroma_y) {
    const std::uint32_t top = chroma_y * subsampling.vertical;
    const std::uint32_t bottom = std::min(top + subsampling.vertical, frame.height());
    std::ranges::fill(sums, std::uint16_t{0});
    for (std::uint32_t y = top; y < bottom; ++y) {
      fastest_passes().split_bytes(frame.plane(0).row(y).data(), width, {red, green, blue});
      luma_row(red, green, blue, width, planes[0].row(y));
      add_bytes(split.data(), split.size(), sums.data());
    }
    for (std::size_t c = 0; c < 3; ++c) {
      average_blocks(sums.data() + c * width, width, subsampling.horizontal, bottom - top,
                     means.data() + c * blocks);
    }
    chroma_rows(means.data(), means.data() + blocks, means.data() + 2 * blocks, blocks,
                planes[1].row(chroma_y), planes[2].row(chroma_y));
  }
  return std::make_shared<const Frame>(subsampling, std::move(planes));
}

FramePtr grey_to_ycc(const Frame& frame, Subsampling subsampling) {
  auto planes = planes_for(PixelLayout::ycc, frame.size(), subsampling);
  for (std::uint32_t y = 0; y < frame.height(); ++y) {
    std::ranges::copy(frame.plane(0).row(y), planes[0].row(y));
  }
  for (const std::size_t i : {1U, 2U}) {
    for (std::uint32_t y = 0; y < planes.at(i).height(); ++y) {
      std::memset(planes.at(i).row(y), 128, planes.at(i).width());
    }
  }
  return std::make_shared<const Frame>(subsampling, std::move(planes));
}

}  // namespace

FramePtr to_ycc(const Frame& frame, Subsampling subsampling) {
  if (frame.layout() == PixelLayout::ycc) return with_subsampling(frame, subsampling);
  if (frame.layout() == PixelLayout::grey) return grey_to_ycc(frame, subsampling);
  return rgb_to_ycc(frame, subsampling);
}

FramePtr with_subsampling(const Frame& ycc, Subsampling subsampling) {
  const Subsampling had = ycc.subsampling();
  if (had == subsampling) return copy_of(ycc);
  auto planes = planes_for(PixelLayout::ycc, ycc.size(), subsampling);
  for (std::uint32_t y = 0; y < ycc.height(); ++y) {
    std::ranges::copy(ycc.plane(0).row(y), planes[0].row(y));
  }
  const Size chroma = chroma_size(ycc.size(), subsampling);
  const bool coarser =
      subsampling.horizontal % had.horizontal == 0 && subsampling.vertical % had.vertical == 0;
  const double across = static_cast<double>(subsampling.horizontal) / had.horizontal;
  const double down = static_cast<double>(subsampling.vertical) / had.vertical;
  for (const std::size_t i : {1U, 2U}) {
    if (coarser) {
      planes.at(i) = shrunk_by_means(ycc.plane(i), static_cast<std::uint32_t>(across),
                                     static_cast<std::uint32_t>(down));
      continue;
    }
    const PlaneWeights weights(ycc.plane(i), {0, 0, chroma.width * across, chroma.height * down},
                               chroma);
    resample_plane(ycc.plane(i), weights, planes.at(i));
  }
  return std::make_shared<const Frame>(subsampling, std::move(planes));
}

PlaneBuffer shrunk_by_means(const Plane& plane, std::uint32_t across, std::uint32_t down) {
  auto out =
      PlaneBuffer::aligned((plane.width + across - 1) / across, (plane.height + down - 1) / down);
  std::vector<std::uint16_t> sums(plane.width);
  std::vector<std::uint16_t> means(out.width());
  for (std::uint32_t y = 0; y < out.height(); ++y) {
    const std::uint32_t bottom = std::min((y + 1) * down, plane.height);
    std::ranges::fill(sums, std::uint16_t{0});
    for (std::uint32_t row = y * down; row < bottom; ++row) {
      add_bytes(plane.row(row).data(), plane.width, sums.data());
    }
    average_blocks(sums.data(), plane.width, across, bottom - y * down, means.data());
    std::ranges::transform(means, out.row(y), [](std::uint16_t mean) {
      return static_cast<std::uint8_t>((mean + 8) / 16);
    });
  }
  return out;
}

std::array<std::uint8_t, 3> ycc_of(jobs::Colour colour) {
  const std::int32_t fine = 16;
  const std::int32_t red = colour.red;
  const std::int32_t green = colour.green;
  const std::int32_t blue = colour.blue;
  return {static_cast<std::uint8_t>(luma_of(colour.red, colour.green, colour.blue)),
          static_cast<std::uint8_t>(cb_of(red * fine, green * fine, blue * fine)),
          static_cast<std::uint8_t>(cr_of(red * fine, green * fine, blue * fine))};
}

}  // namespace darkroom::imaging
