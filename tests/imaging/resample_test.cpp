#include <gtest/gtest.h>

#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

FramePtr resampled(const Frame& frame, std::uint32_t width, std::uint32_t height) {
  return stb_backend().resample(frame, whole(frame.size()), {width, height}, false).value();
}

TEST(Resample, KeepsAPlainColourExactly) {
  for (const auto& [layout, colour] :
       {std::pair{PixelLayout::grey, std::vector<std::uint8_t>{9}},
        {PixelLayout::rgb, std::vector<std::uint8_t>{1, 128, 254}},
        {PixelLayout::rgba, std::vector<std::uint8_t>{200, 100, 50, 255}}}) {
    const FramePtr small = resampled(*plain(100, 60, layout, colour), 33, 7);
    EXPECT_EQ(pixel(*small, 0, 0), colour);
    EXPECT_EQ(pixel(*small, 32, 6), colour);
    EXPECT_EQ(pixel(*small, 16, 3), colour);
  }
}

TEST(Resample, KeepsThePictureTheRightWayUp) {
  const FramePtr small = resampled(*quadrants(200, 100), 20, 10);
  EXPECT_EQ(colour_at(*small, 3, 2), red);
  EXPECT_EQ(colour_at(*small, 16, 2), green);
  EXPECT_EQ(colour_at(*small, 3, 7), blue);
  EXPECT_EQ(colour_at(*small, 16, 7), yellow);
}

/// Red at the left, transparent black at the right: what a logo's file has.
FramePtr half_transparent(std::uint32_t width, std::uint32_t height) {
  std::vector<std::uint8_t> samples;
  for (std::uint32_t i = 0; i < width * height; ++i) {
    const bool opaque = i % width < width * 45 / 100;
    const auto on = static_cast<std::uint8_t>(opaque ? 255 : 0);
    samples.insert(samples.end(), {on, 0, 0, on});
  }
  return std::make_shared<const Frame>(width, height, PixelLayout::rgba, samples);
}

TEST(Resample, TransparentEdgesGetNoDarkFringe) {
  const FramePtr small = resampled(*half_transparent(100, 40), 13, 5);
  bool has_edge = false;
  for (std::uint32_t x = 0; x < small->width(); ++x) {
    const auto samples = pixel(*small, x, 2);
    if (samples[3] == 0) continue;
    has_edge = has_edge || samples[3] < 255;
    EXPECT_GE(samples[0], 254) << "red darkened at " << x << " where alpha is " << +samples[3];
  }
  EXPECT_TRUE(has_edge);
}

TEST(Resample, ManyRatiosWorkDownToOnePixel) {
  const FramePtr frame = picture(173, 59);
  for (std::uint32_t width = 1; width <= 173; width += 3) {
    const FramePtr small = resampled(*frame, width, 1 + width % 59);
    EXPECT_EQ(small->width(), width);
  }
}

TEST(Resample, ExtremeShapesWork) {
  EXPECT_EQ(resampled(*plain(65'535, 1, PixelLayout::rgb, {5, 6, 7}), 300, 1)->width(), 300U);
  EXPECT_EQ(resampled(*plain(1, 65'535, PixelLayout::grey, {5}), 1, 300)->height(), 300U);
  EXPECT_EQ(pixel(*resampled(*plain(3'000, 2'000, PixelLayout::grey, {5}), 1, 1), 0, 0).at(0), 5);
}

TEST(Resample, EnlargesToo) {
  const FramePtr large = resampled(*quadrants(10, 10), 40, 40);
  EXPECT_EQ(colour_at(*large, 2, 2), red);
  EXPECT_EQ(colour_at(*large, 37, 37), yellow);
}

}  // namespace
}  // namespace darkroom::imaging
