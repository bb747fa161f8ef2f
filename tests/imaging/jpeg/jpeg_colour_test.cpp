#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/jpeg/jpeg_decoder.hpp"
#include "tests/imaging/jpeg/jpeg_samples.hpp"
#include "tests/imaging/jpeg/sample_profiles.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

FramePtr one_colour(const testing::Colour& colour) {
  return plain(24, 24, PixelLayout::rgb, {colour[0], colour[1], colour[2]});
}

testing::Colour decoded_colour(const testing::Colour& colour, SampleJpeg kind) {
  kind.quality = 100;
  const auto decoded = decode(make_jpeg(*one_colour(colour), kind));
  EXPECT_TRUE(decoded) << decoded.error().message;
  if (!decoded) return {};
  EXPECT_EQ(decoded->frame->layout(), PixelLayout::rgb);
  return colour_at(*decoded->frame, 11, 12);
}

TEST(JpegColour, ReadsFilesStoredAsRgb) {
  for (const auto& colour : {red, green, blue, yellow}) {
    EXPECT_LE(distance(decoded_colour(colour, {.colour = SampleColour::rgb}), colour), 2);
  }
}

TEST(JpegColour, ReadsInvertedCmykAndYcckByThePlainFormula) {
  for (const auto kind : {SampleColour::cmyk, SampleColour::ycck}) {
    for (const auto& colour : {red, green, blue, yellow}) {
      EXPECT_LE(distance(decoded_colour(colour, {.colour = kind}), colour), 4);
    }
  }
}

TEST(JpegColour, ReadsCmykByItsProfile) {
  // All cyan and nothing else: the profile's ink leaves 60 % of the red light.
  const auto colour = decoded_colour(
      {0, 255, 255}, {.colour = SampleColour::cmyk, .icc = weak_cyan_cmyk_profile()});
  EXPECT_LE(distance(colour, {153, 255, 255}), 4);
}

TEST(JpegColour, LeavesSrgbInItsPlanes) {
  const auto decoded = decode(make_jpeg(*picture(40, 30), {.icc = srgb_profile()}));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->frame->layout(), PixelLayout::ycc);
}

TEST(JpegColour, ConvertsDisplayP3) {
  // Display P3 (0.5, 0.25, 0.25) in 8 bits and what it is in sRGB, computed from the primaries:
  // linear P3 -> XYZ -> linear sRGB -> the sRGB curve.
  const auto colour = decoded_colour({128, 64, 64}, {.icc = display_p3_profile()});
  EXPECT_LE(distance(colour, {138, 60, 62}), 2);
  EXPECT_LE(
      distance(decoded_colour({128, 128, 128}, {.icc = display_p3_profile()}), {128, 128, 128}), 1);
  // P3 green lies outside of sRGB.
  EXPECT_LE(distance(decoded_colour({0, 255, 0}, {.icc = display_p3_profile()}), {0, 255, 0}), 4);
}

TEST(JpegColour, IsNotTranscodableInAnotherSpace) {
  const auto file = make_jpeg(*picture(40, 30), {.icc = display_p3_profile()});
  EXPECT_FALSE(probe(file, Limits{})->transcodable);
  EXPECT_TRUE(probe(make_jpeg(*picture(40, 30), {.icc = srgb_profile()}), Limits{})->transcodable);
}

TEST(JpegColour, ConvertsGreyAndLeavesItGrey) {
  const auto image = plain(24, 24, PixelLayout::rgb, {128, 128, 128});
  const auto decoded = decode(
      make_jpeg(*image, {.colour = SampleColour::grey, .quality = 100, .icc = grey_profile(1.0)}));
  ASSERT_TRUE(decoded);
  ASSERT_EQ(decoded->frame->layout(), PixelLayout::grey);
  // 128 / 255 of linear light is 188 in sRGB.
  EXPECT_NEAR(pixel(*decoded->frame, 5, 5).at(0), 188, 1);
}

TEST(JpegColour, PassesOverProfilesOfNoUse) {
  for (const auto& icc : {ProfileBytes(200, std::byte{7}), grey_profile(1.0)}) {
    const auto decoded =
        decode(make_jpeg(*one_colour({128, 64, 64}), {.quality = 100, .icc = icc}));
    ASSERT_TRUE(decoded);
    const bool unchanged = decoded->frame->layout() == PixelLayout::ycc ||
                           distance(colour_at(*decoded->frame, 5, 5), {128, 64, 64}) <= 2;
    EXPECT_TRUE(unchanged);
  }
}

TEST(JpegColour, PutsProfilesOfSeveralSegmentsTogether) {
  // Filled up beyond what one segment holds; bytes behind the tags mean nothing.
  auto icc = display_p3_profile();
  icc.resize(150'000);
  for (std::size_t i = 0; i < 4; ++i)
    icc[i] = static_cast<std::byte>(icc.size() >> (24 - 8 * i));
  EXPECT_LE(distance(decoded_colour({128, 64, 64}, {.icc = icc}), {138, 60, 62}), 2);
}

TEST(JpegColour, DecodesRareSamplingThroughRgb) {
  // Chroma with factors of 3 across: no frame of planes has these.
  const auto decoded = decode(make_jpeg(*quadrants(64, 48), {.subsampling = {3, 1}}));
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->frame->layout(), PixelLayout::rgb);
  EXPECT_LE(distance(colour_at(*decoded->frame, 8, 8), red), 8);
  EXPECT_LE(distance(colour_at(*decoded->frame, 56, 40), yellow), 8);
}

}  // namespace
}  // namespace darkroom::imaging
