#include "imaging/pixels/interest.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "imaging/pixels/copy.hpp"
#include "tests/imaging/pixels/pictures.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

/// Grey, with a patch of noise of 30 x 30 pixels.
FramePtr with_patch(Size size, std::uint32_t left, std::uint32_t top) {
  const FramePtr detail = noise({30, 30}, PixelLayout::rgb);
  auto planes = copied_planes(*flat(size, PixelLayout::rgb, {128, 128, 128}));
  for (std::uint32_t y = 0; y < 30; ++y) {
    std::ranges::copy(detail->plane(0).row(y), planes[0].row(top + y) + std::size_t{left} * 3);
  }
  return frame_of(PixelLayout::rgb, {}, std::move(planes));
}

TEST(Interest, FindsTheDetail) {
  const Region wide = most_interesting(*with_patch({300, 100}, 220, 30), {1, 1});
  EXPECT_EQ(wide.width, 100);
  EXPECT_EQ(wide.height, 100);
  EXPECT_LE(wide.left, 220);
  EXPECT_GE(wide.left + wide.width, 250);
  const Region tall = most_interesting(*with_patch({100, 300}, 30, 5), {2, 1});
  EXPECT_EQ(tall.width, 100);
  EXPECT_EQ(tall.height, 50);
  EXPECT_LE(tall.top, 5);
  EXPECT_EQ(tall.left, 0);
}

TEST(Interest, TakesTheCentreWhereAllIsEqual) {
  EXPECT_EQ(most_interesting(*flat({301, 100}, PixelLayout::ycc, {9, 128, 128}), {1, 1}),
            (Region{100, 0, 100, 100}));
}

TEST(Interest, PrefersSkinToOtherPlainColours) {
  auto planes = copied_planes(*flat({200, 60}, PixelLayout::rgb, {150, 150, 150}));
  for (std::uint32_t y = 0; y < 60; ++y) {
    for (std::uint32_t x = 10; x < 50; ++x) {
      const std::uint8_t skin[] = {199, 145, 112};
      std::copy_n(skin, 3, planes[0].row(y) + std::size_t{x} * 3);
    }
  }
  const Region found = most_interesting(*frame_of(PixelLayout::rgb, {}, std::move(planes)), {1, 1});
  EXPECT_LE(found.left, 10);
}

TEST(Interest, IgnoresWhatIsTransparent) {
  auto planes = copied_planes(*noise({200, 50}, PixelLayout::rgba));
  for (std::uint32_t y = 0; y < 50; ++y) {
    for (std::uint32_t x = 0; x < 200; ++x) {
      planes[0].row(y)[x * 4 + 3] = x < 150 ? 0 : 255;
    }
  }
  EXPECT_EQ(most_interesting(*frame_of(PixelLayout::rgba, {}, std::move(planes)), {1, 1}).left,
            150);
}

TEST(Interest, AnyShapeFits) {
  for (const Size size : {Size{1, 1}, {1, 50}, {50, 1}, {40, 30}}) {
    for (const Size shape : {Size{1, 1}, {1, 65'535}, {65'535, 1}, {4, 3}}) {
      const Region region = most_interesting(*noise(size, PixelLayout::grey), shape);
      EXPECT_GE(region.width, 1);
      EXPECT_GE(region.height, 1);
      EXPECT_LE(region.left + region.width, size.width);
      EXPECT_LE(region.top + region.height, size.height);
    }
  }
}

}  // namespace
}  // namespace darkroom::imaging
