#include "imaging/png/png_encoder.hpp"

#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "imaging/pixels/ycc.hpp"
#include "tests/imaging/png/png_samples.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

/// Bytes 24 and 25 of a file are depth and colour type.
int colour_type(const EncodedImage& png) {
  return std::to_integer<int>(png.at(25));
}

void expect_lossless(const Frame& frame, int effort) {
  const auto file = encode_png(frame, {.format = jobs::OutputFormat::png, .effort = effort});
  ASSERT_TRUE(file) << file.error().message;
  const auto by_stb = stb_backend().decode(*file, Limits{});
  const auto by_us = decode(*file);
  ASSERT_TRUE(by_stb) << by_stb.error().message;
  ASSERT_TRUE(by_us) << by_us.error().message;
  for (const Frame* decoded : {by_stb->frame.get(), by_us->frame.get()}) {
    const FramePtr as_rgb = to_rgb(frame);
    const FramePtr decoded_rgb = to_rgb(*decoded);
    ASSERT_EQ(decoded_rgb->layout(), as_rgb->layout());
    ASSERT_EQ(decoded->size(), frame.size());
    EXPECT_EQ(mean_difference(*decoded_rgb, *as_rgb), 0.0);
  }
}

TEST(PngEncoder, LosesNothingInAnyLayoutAtAnyEffort) {
  for (const auto layout :
       {PixelLayout::grey, PixelLayout::grey_alpha, PixelLayout::rgb, PixelLayout::rgba}) {
    for (int effort = 0; effort <= 9; ++effort)
      expect_lossless(*picture(61, 33, layout), effort);
    expect_lossless(*picture(1, 1, layout), 4);
  }
}

TEST(PngEncoder, FewColoursBecomeAPalette) {
  const auto file = encode_png(*quadrants(33, 17), {.format = jobs::OutputFormat::png});
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(colour_type(*file), 3);
  EXPECT_EQ(std::to_integer<int>(file->at(24)), 2);  // Four colours: two bits.
  expect_lossless(*quadrants(33, 17), 4);
  expect_lossless(*plain(5, 5, PixelLayout::rgba, {9, 8, 7, 100}), 4);
}

TEST(PngEncoder, ManyColoursDoNot) {
  const auto file = encode_png(*picture(200, 100), {.format = jobs::OutputFormat::png});
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(colour_type(*file), 2);
}

TEST(PngEncoder, CarriesTheCopyrightNotice) {
  EncodeOptions options{.format = jobs::OutputFormat::png};
  options.copyright = "Jane Doe 2024";
  const auto file = encode_png(*picture(20, 10), options);
  ASSERT_TRUE(file) << file.error().message;
  const auto picture = decode(*file);
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->copyright, "Jane Doe 2024");
}

}  // namespace
}  // namespace darkroom::imaging
