#include "imaging/pixels/flatten.hpp"

#include <gtest/gtest.h>

#include "tests/imaging/pixels/pictures.hpp"
#include "tests/imaging/pixels/similarity.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

TEST(FlattenPixels, AnyBackgroundAtAnyWidth) {
  const int background[] = {12, 200, 90};
  for (std::uint32_t width = 1; width < 80; width += 13) {
    const FramePtr source = noise({width, 3}, PixelLayout::rgba);
    const FramePtr flattened = flatten(*source, {12, 200, 90});
    ASSERT_EQ(flattened->layout(), PixelLayout::rgb);
    for (std::uint32_t x = 0; x < width; ++x) {
      for (std::uint32_t c = 0; c < 3; ++c) {
        const int alpha = at(source->plane(0), x, 2, 3);
        const int wanted =
            (at(source->plane(0), x, 2, c) * alpha + background[c] * (255 - alpha) + 127) / 255;
        ASSERT_EQ(at(flattened->plane(0), x, 2, c), wanted);
      }
    }
  }
}

TEST(FlattenPixels, GreyTakesColourOnlyWhereItMust) {
  const FramePtr grey = flat({3, 3}, PixelLayout::grey_alpha, {100, 0});
  EXPECT_TRUE(same(*flatten(*grey, {7, 7, 7}), *flat({3, 3}, PixelLayout::grey, {7})));
  EXPECT_TRUE(same(*flatten(*grey, {7, 8, 9}), *flat({3, 3}, PixelLayout::rgb, {7, 8, 9})));
}

TEST(FlattenPixels, FramesWithoutAlphaAreCopied) {
  for (const auto layout : {PixelLayout::grey, PixelLayout::rgb, PixelLayout::ycc}) {
    const FramePtr source = noise({33, 11}, layout);
    EXPECT_TRUE(same(*flatten(*source, {1, 2, 3}), *source));
  }
}

TEST(FlattenPixels, OneClearPixelIsFound) {
  for (const auto layout : {PixelLayout::grey_alpha, PixelLayout::rgba}) {
    const std::size_t step = channels(layout);
    std::vector<std::uint8_t> samples(step * 9'000, 255);
    EXPECT_TRUE(is_opaque(samples, layout));
    samples[step * 8'999] = 0;
    EXPECT_TRUE(is_opaque(samples, layout));
    samples.back() = 254;
    EXPECT_FALSE(is_opaque(samples, layout));
  }
}

TEST(FlattenPixels, AlphaIsDropped) {
  EXPECT_TRUE(same(*drop_alpha(*flat({65, 3}, PixelLayout::rgba, {1, 2, 3, 4})),
                   *flat({65, 3}, PixelLayout::rgb, {1, 2, 3})));
  EXPECT_TRUE(same(*drop_alpha(*flat({65, 3}, PixelLayout::grey_alpha, {1, 2})),
                   *flat({65, 3}, PixelLayout::grey, {1})));
}

}  // namespace
}  // namespace darkroom::imaging
