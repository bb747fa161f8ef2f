#include "imaging/pixels/watermark.hpp"

#include <gtest/gtest.h>

#include "imaging/pixels/copy.hpp"
#include "imaging/pixels/ycc.hpp"
#include "tests/imaging/pixels/pictures.hpp"
#include "tests/imaging/pixels/similarity.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

TEST(Watermark, MixesByAlphaAndOpacity) {
  const FramePtr base = flat({10, 10}, PixelLayout::rgb, {100, 100, 100});
  const FramePtr mark = flat({4, 3}, PixelLayout::rgba, {200, 0, 100, 255});
  const FramePtr result = lay_over(*base, *mark, {5, 6}, 0.5);
  EXPECT_EQ(at(result->plane(0), 5, 6, 0), 150);
  EXPECT_EQ(at(result->plane(0), 8, 8, 1), 50);
  EXPECT_EQ(at(result->plane(0), 4, 6, 0), 100);
  EXPECT_EQ(at(result->plane(0), 9, 6, 0), 100);
  EXPECT_EQ(at(lay_over(*base, *mark, {5, 6}, 1)->plane(0), 5, 6, 0), 200);
}

TEST(Watermark, NothingShowsOfATransparentOne) {
  for (const auto layout : {PixelLayout::grey, PixelLayout::grey_alpha, PixelLayout::rgb,
                            PixelLayout::rgba, PixelLayout::ycc}) {
    const FramePtr base = noise({31, 23}, layout);
    const FramePtr clear = flat({9, 9}, PixelLayout::grey_alpha, {255, 0});
    EXPECT_TRUE(same(*lay_over(*base, *clear, {3, 4}, 1), *base));
    EXPECT_TRUE(same(*lay_over(*base, *noise({9, 9}, PixelLayout::grey_alpha), {3, 4}, 0), *base));
  }
}

TEST(Watermark, IsCutOffAtTheEdges) {
  for (const auto layout : {PixelLayout::rgb, PixelLayout::ycc}) {
    const FramePtr base = noise({31, 23}, layout);
    const FramePtr mark = flat({9, 9}, PixelLayout::rgb, {255, 255, 255});
    EXPECT_EQ(at(lay_over(*base, *mark, {-5, -5}, 1)->plane(0), 3, 3), 255);
    EXPECT_EQ(at(lay_over(*base, *mark, {29, 21}, 1)->plane(0), 30, 22), 255);
    EXPECT_TRUE(same(*lay_over(*base, *mark, {31, 0}, 1), *base));
    EXPECT_TRUE(same(*lay_over(*base, *mark, {-9, 0}, 1), *base));
  }
}

TEST(Watermark, OnPlanesLooksAsInRgbAndKeepsTheRest) {
  const FramePtr rgb = flat({41, 31}, PixelLayout::rgb, {90, 120, 200});
  const FramePtr base = to_ycc(*rgb, {2, 2});
  const FramePtr mark = photo({14, 12}, PixelLayout::rgba);
  const FramePtr result = lay_over(*base, *mark, {7, 5}, 0.7);
  const FramePtr wanted = to_ycc(*lay_over(*rgb, *mark, {7, 5}, 0.7), {2, 2});
  EXPECT_LE(largest_difference(*wanted, *result), 1);

  const FramePtr noisy = noise({41, 31}, PixelLayout::ycc);
  const FramePtr marked = lay_over(*noisy, *mark, {7, 5}, 0.7);
  for (std::uint32_t y = 0; y < 31; ++y) {
    for (std::uint32_t x = 0; x < 41; ++x) {
      if (x >= 7 && x < 21 && y >= 5 && y < 17) continue;
      ASSERT_EQ(at(noisy->plane(0), x, y), at(marked->plane(0), x, y));
    }
  }
  EXPECT_EQ(at(noisy->plane(1), 2, 2), at(marked->plane(1), 2, 2));
  EXPECT_EQ(at(noisy->plane(1), 11, 9), at(marked->plane(1), 11, 9));
}

TEST(Watermark, ShowsOnATransparentFrame) {
  const FramePtr clear = flat({8, 8}, PixelLayout::rgba, {0, 0, 0, 0});
  const FramePtr mark = flat({4, 4}, PixelLayout::rgba, {200, 100, 50, 128});
  const FramePtr result = lay_over(*clear, *mark, {2, 2}, 1);
  EXPECT_EQ(at(result->plane(0), 3, 3, 0), 200);
  EXPECT_EQ(at(result->plane(0), 3, 3, 3), 128);
  EXPECT_EQ(at(result->plane(0), 0, 0, 3), 0);
}

TEST(Watermark, ColoursAGreyFrame) {
  const FramePtr grey = noise({8, 8}, PixelLayout::grey);
  EXPECT_EQ(lay_over(*grey, *noise({2, 2}, PixelLayout::rgba), {0, 0}, 1)->layout(),
            PixelLayout::rgb);
  EXPECT_EQ(lay_over(*grey, *noise({2, 2}, PixelLayout::grey_alpha), {0, 0}, 1)->layout(),
            PixelLayout::grey);
}

}  // namespace
}  // namespace darkroom::imaging
