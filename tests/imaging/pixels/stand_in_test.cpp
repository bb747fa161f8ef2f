
#include <algorithm>
#include <cmath>
#include <numbers>
#include <string_view>

#include <gtest/gtest.h>

#include "imaging/pixels/blurhash.hpp"
#include "imaging/pixels/copy.hpp"
#include "imaging/pixels/dominant_colour.hpp"
#include "imaging/pixels/light.hpp"
#include "tests/imaging/pixels/pictures.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

int base83(std::string_view text) {
  constexpr std::string_view alphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
  int value = 0;
  for (const char digit : text) {
    value = value * 83 + static_cast<int>(alphabet.find(digit));
  }
  return value;
}

/// The red light at a place, as the published algorithm decodes it.
double decoded_red(std::string_view hash, double x, double y) {
  const int flag = base83(hash.substr(0, 1));
  const int across = flag % 9 + 1;
  const int down = flag / 9 + 1;
  const double largest = (base83(hash.substr(1, 1)) + 1) / 166.0;
  double light = light_of(static_cast<std::uint8_t>(base83(hash.substr(2, 4)) >> 16));
  for (int k = 1; k < across * down; ++k) {
    const int red = base83(hash.substr(static_cast<std::size_t>(4 + 2 * k), 2)) / (19 * 19);
    const double root = (red - 9) / 9.0;
    light += std::copysign(root * root, root) * largest *
             std::cos(std::numbers::pi * x * (k % across)) *
             std::cos(std::numbers::pi * y * (k / across));
  }
  return light;
}

TEST(Blurhash, OfPlainColoursIsAsPublished) {
  EXPECT_EQ(blurhash(*flat({30, 20}, PixelLayout::rgb, {0, 0, 0}), 4, 3),
            "L00000fQfQfQfQfQfQfQfQfQfQfQ");
  // One component is the mean alone: 0xFFFFFF in base 83.
  EXPECT_EQ(blurhash(*flat({30, 20}, PixelLayout::grey, {255}), 1, 1), "00TSUA");
}

TEST(Blurhash, DecodesToTheBlurredPicture) {
  auto planes = planes_for(PixelLayout::rgb, {64, 48});
  for (std::uint32_t y = 0; y < 48; ++y) {
    for (std::uint32_t x = 0; x < 64; ++x) {
      std::uint8_t* pixel = planes[0].row(y) + std::size_t{x} * 3;
      pixel[0] = static_cast<std::uint8_t>(x < 32 ? 230 : 30);
      pixel[1] = 100;
      pixel[2] = static_cast<std::uint8_t>(y * 5);
    }
  }
  const std::string hash = blurhash(*frame_of(PixelLayout::rgb, {}, std::move(planes)), 4, 3);
  ASSERT_EQ(hash.size(), 28U);
  EXPECT_NEAR(decoded_red(hash, 0.1, 0.5), light_of(230), 0.15);
  EXPECT_NEAR(decoded_red(hash, 0.9, 0.5), light_of(30), 0.15);
  EXPECT_NEAR(decoded_red(hash, 0.5, 0.5), (light_of(230) + light_of(30)) / 2, 0.1);
}

TEST(Blurhash, LayoutsAgree) {
  const FramePtr ycc = flat({30, 20}, PixelLayout::ycc, {77, 128, 128});
  EXPECT_EQ(blurhash(*ycc, 4, 3), blurhash(*flat({30, 20}, PixelLayout::grey, {77}), 4, 3));
  EXPECT_EQ(blurhash(*flat({30, 20}, PixelLayout::grey_alpha, {7, 0}), 4, 3),
            blurhash(*flat({30, 20}, PixelLayout::rgb, {255, 255, 255}), 4, 3));
  EXPECT_EQ(blurhash(*noise({1, 1}, PixelLayout::rgba), 9, 9).size(), 6U + 160U);
}

TEST(DominantColour, IsTheMeanOfTheFullestCell) {
  auto planes = copied_planes(*flat({10, 10}, PixelLayout::rgb, {200, 16, 32}));
  for (std::uint32_t x = 0; x < 30; ++x) {
    planes[0].row(0)[x] = static_cast<std::uint8_t>(x * 8);
  }
  planes[0].row(1)[0] = 207;
  const FramePtr frame = frame_of(PixelLayout::rgb, {}, std::move(planes));
  EXPECT_EQ(dominant_colour(*frame), (jobs::Colour{200, 16, 32}));
}

TEST(DominantColour, TransparentPixelsDoNotCount) {
  auto planes = copied_planes(*flat({10, 10}, PixelLayout::rgba, {255, 255, 0, 0}));
  const std::uint8_t shown[] = {10, 20, 30, 255};
  std::copy_n(shown, 4, planes[0].row(5));
  EXPECT_EQ(dominant_colour(*frame_of(PixelLayout::rgba, {}, std::move(planes))),
            (jobs::Colour{10, 20, 30}));
  EXPECT_EQ(dominant_colour(*flat({3, 3}, PixelLayout::grey_alpha, {0, 0})), jobs::Colour::white());
}

TEST(DominantColour, WorksOnAllLayouts) {
  EXPECT_EQ(dominant_colour(*flat({9, 9}, PixelLayout::ycc, {80, 128, 128})),
            (jobs::Colour{80, 80, 80}));
  EXPECT_EQ(dominant_colour(*flat({9, 9}, PixelLayout::grey, {80})), (jobs::Colour{80, 80, 80}));
}

}  // namespace
}  // namespace darkroom::imaging
