#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/heif/avif_encoder.hpp"
#include "imaging/pixels/ycc.hpp"
#include "tests/imaging/heif/heif_samples.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::HasSubstr;

TEST(Avif, IsProbedWithoutDecoding) {
  const auto info = probe(avif_of(*picture(65, 33)), Limits{});
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->format, InputFormat::avif);
  EXPECT_EQ(info->width, 65U);
  EXPECT_EQ(info->height, 33U);
  EXPECT_FALSE(info->alpha);
  EXPECT_EQ(info->frames, 1U);
  const auto transparent = probe(avif_of(*picture(65, 33, PixelLayout::rgba)), Limits{});
  ASSERT_TRUE(transparent) << transparent.error().message;
  EXPECT_TRUE(transparent->alpha);
}

TEST(Avif, CanBeSwitchedOff) {
  const auto info = probe(avif_of(*picture(16, 16)), {.heif = false});
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::unsupported);
  EXPECT_THAT(info.error().message, HasSubstr("imaging.heif"));
}

TEST(Avif, OpaquePicturesStayPlanes) {
  const FramePtr frame = picture(97, 61);
  const auto decoded = decode(avif_of(*frame, 85));
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->frame->layout(), PixelLayout::ycc);
  EXPECT_EQ(decoded->frame->subsampling(), (Subsampling{2, 2}));
  EXPECT_LT(mean_difference(*to_rgb(*decoded->frame), *frame), 4.0);
}

TEST(Avif, HighQualityKeepsTheChroma) {
  const FramePtr frame = picture(97, 61);
  const auto decoded = decode(avif_of(*frame, 98));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->frame->subsampling(), (Subsampling{1, 1}));
  EXPECT_LT(mean_difference(*to_rgb(*decoded->frame), *frame), 1.5);
}

TEST(Avif, EverySubsamplingCanBeAskedFor) {
  const FramePtr frame = picture(40, 30);
  const std::pair<jobs::ChromaSubsampling, Subsampling> cases[] = {
      {jobs::ChromaSubsampling::s420, {2, 2}},
      {jobs::ChromaSubsampling::s422, {2, 1}},
      {jobs::ChromaSubsampling::s444, {1, 1}}};
  for (const auto& [asked, expected] : cases) {
    EncodeOptions options{.format = jobs::OutputFormat::avif, .quality = 95};
    options.subsampling = asked;
    options.effort = 0;
    const auto decoded = decode(encode_avif(*frame, options).value());
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(decoded->frame->subsampling(), expected);
  }
}

TEST(Avif, AlphaAndGreyAreKept) {
  for (const auto layout : {PixelLayout::grey, PixelLayout::grey_alpha, PixelLayout::rgba}) {
    const FramePtr frame = picture(50, 31, layout);
    const auto decoded = decode(avif_of(*frame, 100));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(has_alpha(decoded->frame->layout()), has_alpha(layout));
    const FramePtr expected = to_rgb(*frame);
    const FramePtr actual = to_rgb(*decoded->frame);
    const std::size_t last = has_alpha(layout) ? 3 : 0;
    for (std::uint32_t x = 0; x < 50; ++x)
      EXPECT_NEAR(pixel(*actual, x, 15)[last], pixel(*expected, x, 15)[last], 6);
  }
}

TEST(Avif, CarriesTheCopyrightNotice) {
  EncodeOptions options{.format = jobs::OutputFormat::avif};
  options.effort = 0;
  options.copyright = "Jane Doe 2024";
  const auto decoded = decode(encode_avif(*picture(20, 10), options).value());
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->copyright, "Jane Doe 2024");
  EXPECT_EQ(decoded->size, (Size{20, 10}));
}

}  // namespace
}  // namespace darkroom::imaging
