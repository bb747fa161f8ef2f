#include "imaging/webp/webp_decoder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/colour/make_profile.hpp"
#include "imaging/pixels/ycc.hpp"
#include "tests/imaging/sample_frames.hpp"
#include "tests/imaging/webp/webp_samples.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::ElementsAre;

TEST(WebpProbe, TellsSizeTransparencyAndFrames) {
  const auto lossy = probe(webp_of(*picture(33, 17)), Limits{});
  ASSERT_TRUE(lossy) << lossy.error().message;
  EXPECT_EQ(lossy->format, InputFormat::webp);
  EXPECT_EQ(lossy->width, 33U);
  EXPECT_EQ(lossy->height, 17U);
  EXPECT_FALSE(lossy->alpha);
  EXPECT_EQ(lossy->frames, 1U);
  for (const bool lossless : {false, true}) {
    const auto info = probe(webp_of(*picture(33, 17, PixelLayout::rgba), lossless), Limits{});
    ASSERT_TRUE(info) << info.error().message;
    EXPECT_TRUE(info->alpha);
  }
  const auto still = webp_of(*picture(8, 8));
  const auto animated = probe(animated_webp(8, 8, {{0, 0, still}, {0, 0, still}}), Limits{});
  ASSERT_TRUE(animated) << animated.error().message;
  EXPECT_EQ(animated->frames, 2U);
}

TEST(WebpProbe, CountsFramesAgainstTheLimit) {
  const auto still = webp_of(*picture(8, 8));
  const auto info = probe(animated_webp(8, 8, {{0, 0, still}, {0, 0, still}}), {.max_frames = 1});
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::too_many_frames);
}

TEST(WebpDecoder, OpaqueLossyPicturesStayPlanes) {
  const FramePtr frame = picture(101, 67);
  const auto decoded = decode(webp_of(*frame, false, 95));
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->frame->layout(), PixelLayout::ycc);
  EXPECT_EQ(decoded->frame->subsampling(), (Subsampling{2, 2}));
  EXPECT_LT(mean_difference(*to_rgb(*decoded->frame), *frame), 4.0);
}

TEST(WebpDecoder, RangesAreRight) {
  for (const int grey : {0, 128, 255}) {
    const auto level = static_cast<std::uint8_t>(grey);
    const auto decoded =
        decode(webp_of(*plain(16, 16, PixelLayout::rgb, {level, level, level}), false, 100));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_NEAR(decoded->frame->plane(0).row(8)[8], level, 1);
    EXPECT_NEAR(decoded->frame->plane(1).row(4)[4], 128, 1);
  }
}

TEST(WebpDecoder, LosslessComesBackAsItWas) {
  const FramePtr frame = picture(50, 31);
  const auto decoded = decode(webp_of(*frame, true));
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->frame->layout(), PixelLayout::rgb);
  EXPECT_EQ(mean_difference(*decoded->frame, *frame), 0.0);
}

TEST(WebpDecoder, AlphaIsKept) {
  const FramePtr frame = picture(50, 31, PixelLayout::rgba);
  for (const bool lossless : {false, true}) {
    const auto decoded = decode(webp_of(*frame, lossless));
    ASSERT_TRUE(decoded) << decoded.error().message;
    ASSERT_EQ(decoded->frame->layout(), PixelLayout::rgba);
    for (std::uint32_t x = 0; x < 50; ++x)
      EXPECT_EQ(pixel(*decoded->frame, x, 15)[3], pixel(*frame, x, 15)[3]);
  }
}

TEST(WebpDecoder, TheFirstFrameLiesOnATransparentCanvas) {
  const auto first = webp_of(*plain(4, 4, PixelLayout::rgb, {10, 200, 30}), true);
  const auto second = webp_of(*plain(8, 6, PixelLayout::rgb, {1, 2, 3}), true);
  const auto decoded = decode(animated_webp(8, 6, {{2, 2, first}, {0, 0, second}}));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->size, (Size{8, 6}));
  ASSERT_EQ(decoded->frame->layout(), PixelLayout::rgba);
  EXPECT_THAT(pixel(*decoded->frame, 0, 0), ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(pixel(*decoded->frame, 1, 2), ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(pixel(*decoded->frame, 2, 2), ElementsAre(10, 200, 30, 255));
  EXPECT_THAT(pixel(*decoded->frame, 5, 5), ElementsAre(10, 200, 30, 255));
  EXPECT_THAT(pixel(*decoded->frame, 6, 5), ElementsAre(0, 0, 0, 0));
}

TEST(WebpDecoder, AFirstFrameThatCoversTheCanvasIsOpaque) {
  const auto still = webp_of(*quadrants(16, 16));
  const auto decoded = decode(animated_webp(16, 16, {{0, 0, still}, {0, 0, still}}));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->frame->layout(), PixelLayout::ycc);
}

TEST(WebpDecoder, TurnsThePictureUpright) {
  const auto exif = riff_chunk("EXIF", exif_block(6, false));
  const auto with_preamble =
      riff_chunk("EXIF", FileBuilder().text("Exif").zeros(2).append(exif_block(6, true)).file());
  for (const auto& chunk : {exif, with_preamble}) {
    const auto file = extended_webp(webp_of(*quadrants(20, 10), true), 0x08, {20, 10}, {}, chunk);
    const auto decoded = decode(file);
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(decoded->size, (Size{10, 20}));
    EXPECT_EQ(colour_at(*decoded->frame, 0, 0), blue);
    EXPECT_EQ(colour_at(*decoded->frame, 9, 0), red);
  }
}

TEST(WebpDecoder, AWideProfileIsBroughtToSrgb) {
  const Primaries display_p3{{0.3127, 0.3290}, {0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}};
  const auto profile = riff_chunk("ICCP", make_profile(display_p3, std::nullopt));
  for (const bool lossless : {false, true}) {
    const auto simple = webp_of(*plain(8, 8, PixelLayout::rgb, {200, 100, 50}), lossless);
    const auto decoded = decode(extended_webp(simple, 0x20, {8, 8}, profile, {}));
    ASSERT_TRUE(decoded) << decoded.error().message;
    ASSERT_EQ(decoded->frame->layout(), PixelLayout::rgb);
    EXPECT_GT(colour_at(*decoded->frame, 4, 4)[0], 205);
  }
}

}  // namespace
}  // namespace darkroom::imaging
