#include "imaging/pixels/sharpen.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/imaging/pixels/pictures.hpp"
#include "tests/imaging/pixels/similarity.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

constexpr PixelLayout all_layouts[] = {PixelLayout::grey, PixelLayout::grey_alpha, PixelLayout::rgb,
                                       PixelLayout::rgba, PixelLayout::ycc};

TEST(Sharpen, LeavesPlainColoursAndStrengthZeroAlone) {
  for (const auto layout : all_layouts) {
    const FramePtr plain = flat({33, 21}, layout, {10, 200, 90, 128});
    EXPECT_TRUE(same(*sharpen(*plain, 4), *plain));
    const FramePtr noisy = noise({33, 21}, layout);
    EXPECT_TRUE(same(*sharpen(*noisy, 0), *noisy));
  }
}

TEST(Sharpen, AddsTheDifferenceFromTheBlur) {
  // An upright edge from 80 to 120: the blur of 1-2-1 is 90 and 110 at its sides.
  auto plane = PlaneBuffer::tight(8, 4, 1);
  for (std::uint32_t y = 0; y < 4; ++y) {
    for (std::uint32_t x = 0; x < 8; ++x) {
      plane.row(y)[x] = x < 4 ? 80 : 120;
    }
  }
  const FramePtr result = sharpen(Frame(PixelLayout::grey, std::move(plane)), 1.5);
  const int wanted[] = {80, 80, 80, 65, 135, 120, 120, 120};
  for (std::uint32_t y = 0; y < 4; ++y) {
    for (std::uint32_t x = 0; x < 8; ++x) {
      EXPECT_EQ(at(result->plane(0), x, y), wanted[x]);
    }
  }
}

TEST(Sharpen, LeavesChromaAlone) {
  const FramePtr source = photo({40, 30}, PixelLayout::ycc);
  const FramePtr result = sharpen(*source, 2);
  EXPECT_GT(largest_difference(source->plane(0), result->plane(0)), 5);
  EXPECT_EQ(largest_difference(source->plane(1), result->plane(1)), 0);
  EXPECT_EQ(largest_difference(source->plane(2), result->plane(2)), 0);
}

TEST(Sharpen, TransparentNeighboursDoNotCount) {
  auto samples = PlaneBuffer::tight(6, 3, 4);
  for (std::uint32_t i = 0; i < 18; ++i) {
    const bool shown = i % 6 < 3;
    const auto on = static_cast<std::uint8_t>(shown ? 150 : 0);
    const std::uint8_t pixel[] = {on, on, on, static_cast<std::uint8_t>(shown ? 255 : 0)};
    std::copy_n(pixel, 4, samples.row(0) + 4 * i);
  }
  const Frame source(PixelLayout::rgba, std::move(samples));
  EXPECT_TRUE(same(*sharpen(source, 3), source));
}

TEST(Sharpen, WorksOnOnePixel) {
  for (const auto layout : all_layouts) {
    const FramePtr one = noise({1, 1}, layout);
    EXPECT_TRUE(same(*sharpen(*one, 4), *one));
  }
}

}  // namespace
}  // namespace darkroom::imaging
