#include <cstdint>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "tests/imaging/gif_comparison.hpp"
#include "tests/imaging/gif_samples.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::ElementsAre;

FramePtr decode(const SampleGif& gif) {
  const auto frame = gif_decoded_by_both(make_gif(gif));
  EXPECT_TRUE(frame) << frame.error().message;
  return frame ? *frame : nullptr;
}

TEST(Gif, APictureSmallerThanItsCanvasLiesInItsPlaceAndNothingAroundIt) {
  const FramePtr frame =
      decode({.canvas = {6, 5}, .left = 2, .top = 1, .size = {2, 2}, .pixels = {0, 1, 2, 3}});
  ASSERT_NE(frame, nullptr);
  ASSERT_EQ(frame->size(), (Size{6, 5}));
  ASSERT_EQ(frame->layout(), PixelLayout::rgba);
  EXPECT_EQ(pixel(*frame, 0, 0)[3], 0);
  EXPECT_EQ(pixel(*frame, 1, 1)[3], 0);
  EXPECT_EQ(pixel(*frame, 4, 2)[3], 0);
  EXPECT_EQ(pixel(*frame, 5, 4)[3], 0);
  EXPECT_THAT(pixel(*frame, 2, 1), ElementsAre(red[0], red[1], red[2], 255));
  EXPECT_THAT(pixel(*frame, 3, 2), ElementsAre(yellow[0], yellow[1], yellow[2], 255));
}

TEST(Gif, InterlacedRowsComeInTheirPlaces) {
  // Ten rows are stored in the order 0, 8, 4, 2, 6, 1, 3, 5, 7, 9 (GIF89a, appendix E).
  const std::vector<std::uint32_t> rows{0, 8, 4, 2, 6, 1, 3, 5, 7, 9};
  SampleGif gif{.canvas = {1, 10}, .size = {1, 10}, .pixels = {}, .interlaced = true};
  for (const std::uint32_t row : rows)
    gif.pixels.push_back(static_cast<std::uint8_t>(row % 4));
  const FramePtr frame = decode(gif);
  ASSERT_NE(frame, nullptr);
  const std::vector<Colour> palette{red, green, blue, yellow};
  for (std::uint32_t y = 0; y < 10; ++y)
    EXPECT_EQ(colour_at(*frame, 0, y), palette[y % 4]) << "row " << y;
}

TEST(Gif, ATransparentColourIsTransparent) {
  const FramePtr frame =
      decode({.canvas = {2, 1}, .size = {2, 1}, .pixels = {0, 1}, .transparent = 0});
  ASSERT_NE(frame, nullptr);
  ASSERT_EQ(frame->layout(), PixelLayout::rgba);
  EXPECT_EQ(pixel(*frame, 0, 0)[3], 0);
  EXPECT_EQ(pixel(*frame, 1, 0)[3], 255);
}

TEST(GifHeader, CountsFramesAndTellsTransparency) {
  const auto opaque = probe(gif_file(6, 4, 3), Limits{});
  ASSERT_TRUE(opaque) << opaque.error().message;
  EXPECT_EQ(opaque->frames, 3U);
  EXPECT_FALSE(opaque->alpha);
  const auto small = probe(make_gif({.canvas = {6, 5}, .size = {1, 1}, .pixels = {0}}), Limits{});
  ASSERT_TRUE(small) << small.error().message;
  EXPECT_TRUE(small->alpha);
  const auto keyed = probe(
      make_gif({.canvas = {1, 1}, .size = {1, 1}, .pixels = {0}, .transparent = 0}), Limits{});
  ASSERT_TRUE(keyed) << keyed.error().message;
  EXPECT_TRUE(keyed->alpha);
  EXPECT_EQ(probe(gif_file(1, 1, 20), {.max_frames = 19}).error().code, ErrorCode::too_many_frames);
}

}  // namespace
}  // namespace darkroom::imaging
