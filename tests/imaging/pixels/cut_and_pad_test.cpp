#include <cmath>

#include <gtest/gtest.h>

#include "imaging/pixels/crop.hpp"
#include "imaging/pixels/pad.hpp"
#include "imaging/pixels/ycc.hpp"
#include "tests/imaging/pixels/pictures.hpp"
#include "tests/imaging/pixels/similarity.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

constexpr PixelLayout all_layouts[] = {PixelLayout::grey, PixelLayout::grey_alpha, PixelLayout::rgb,
                                       PixelLayout::rgba, PixelLayout::ycc};
constexpr jobs::Colour orange{255, 128, 0};

TEST(Crop, CopiesWholePixels) {
  for (const auto layout : all_layouts) {
    const FramePtr source = noise({61, 47}, layout);
    for (const Size size : {Size{20, 10}, {21, 11}, {1, 1}, {51, 39}}) {
      const FramePtr cut = crop(*source, {10, 8}, size);
      ASSERT_EQ(cut->size(), size);
      for (std::size_t i = 0; i < cut->plane_count(); ++i) {
        const Plane& plane = cut->plane(i);
        const std::uint32_t divisor = i == 0 ? 1 : 2;
        for (std::uint32_t y = 0; y < plane.height; ++y) {
          for (std::uint32_t x = 0; x < plane.width; ++x) {
            ASSERT_EQ(at(plane, x, y), at(source->plane(i), x + 10 / divisor, y + 8 / divisor));
          }
        }
      }
    }
  }
}

TEST(Crop, AtOddOffsetsKeepsLumaAndMovesChromaByHalfASample) {
  const FramePtr source = photo({200, 160}, PixelLayout::ycc);
  const FramePtr cut = crop(*source, {31, 17}, {100, 80});
  EXPECT_EQ(at(cut->plane(0), 0, 0), at(source->plane(0), 31, 17));
  EXPECT_EQ(at(cut->plane(0), 99, 79), at(source->plane(0), 130, 96));
  const FramePtr wanted = crop(*to_rgb(*source), {31, 17}, {100, 80});
  EXPECT_GE(ssim(*wanted, *to_rgb(*cut)), 0.98);
}

TEST(Pad, LaysTheFrameOnTheBackground) {
  for (const auto layout : {PixelLayout::rgb, PixelLayout::rgba}) {
    const FramePtr source = noise({11, 7}, layout);
    const FramePtr padded = pad(*source, {20, 15}, {4, 5}, orange);
    const std::uint32_t step = channels(layout);
    for (std::uint32_t y = 0; y < 15; ++y) {
      for (std::uint32_t x = 0; x < 20; ++x) {
        const bool inside = x >= 4 && x < 15 && y >= 5 && y < 12;
        for (std::uint32_t c = 0; c < step; ++c) {
          const int background[] = {255, 128, 0, 255};
          ASSERT_EQ(at(padded->plane(0), x, y, c),
                    inside ? at(source->plane(0), x - 4, y - 5, c) : background[c]);
        }
      }
    }
  }
}

TEST(Pad, GreyTakesColourOnlyWhereItMust) {
  const FramePtr grey = noise({5, 5}, PixelLayout::grey);
  EXPECT_EQ(pad(*grey, {9, 9}, {2, 2}, {8, 8, 8})->layout(), PixelLayout::grey);
  const FramePtr coloured = pad(*grey, {9, 9}, {2, 2}, orange);
  ASSERT_EQ(coloured->layout(), PixelLayout::rgb);
  EXPECT_EQ(at(coloured->plane(0), 0, 0, 1), 128);
  EXPECT_EQ(at(coloured->plane(0), 2, 2, 1), at(grey->plane(0), 0, 0));
  EXPECT_EQ(pad(*noise({5, 5}, PixelLayout::grey_alpha), {9, 9}, {2, 2}, orange)->layout(),
            PixelLayout::rgba);
}

TEST(Pad, PlanesOnTheGridKeepTheirBytes) {
  const FramePtr source = noise({20, 14}, PixelLayout::ycc);
  const FramePtr padded = pad(*source, {40, 30}, {8, 6}, orange);
  EXPECT_TRUE(same(*crop(*padded, {8, 6}, {20, 14}), *source));
  const auto background = ycc_of(orange);
  for (const std::size_t i : {0U, 1U, 2U}) {
    EXPECT_EQ(at(padded->plane(i), 0, 0), background.at(i));
    EXPECT_EQ(at(padded->plane(i), padded->plane(i).width - 1, padded->plane(i).height - 1),
              background.at(i));
  }
}

TEST(Pad, OffTheGridLooksAsInRgb) {
  const FramePtr source = to_ycc(*photo({60, 50}, PixelLayout::rgb), {2, 2});
  for (const Offset offset : {Offset{7, 6}, {6, 7}, {7, 7}}) {
    const FramePtr padded = pad(*source, {81, 71}, offset, orange);
    const FramePtr wanted = to_ycc(*pad(*to_rgb(*source), {81, 71}, offset, orange), {2, 2});
    EXPECT_LE(largest_difference(padded->plane(0), wanted->plane(0)), 12);
    EXPECT_GE(ssim(padded->plane(1), wanted->plane(1)), 0.95);
    EXPECT_LE(std::abs(mean_shift(padded->plane(1), wanted->plane(1))), 0.3);
  }
}

}  // namespace
}  // namespace darkroom::imaging
