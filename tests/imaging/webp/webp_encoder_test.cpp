#include "imaging/webp/webp_encoder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/pixels/ycc.hpp"
#include "tests/imaging/sample_frames.hpp"
#include "tests/imaging/webp/webp_samples.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::HasSubstr;

TEST(WebpEncoder, PlanesAndRgbGiveTheSamePicture) {
  const FramePtr frame = picture(90, 50);
  for (const Subsampling subsampling :
       {Subsampling{2, 2}, Subsampling{1, 1}, Subsampling{2, 1}, Subsampling{1, 2}}) {
    const auto decoded = decode(webp_of(*to_ycc(*frame, subsampling), false, 95));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_LT(mean_difference(*to_rgb(*decoded->frame), *frame), 4.0);
  }
}

TEST(WebpEncoder, GreyComesBackAsGrey) {
  const FramePtr frame = picture(40, 30, PixelLayout::grey);
  for (const bool lossless : {false, true}) {
    const auto decoded = decode(webp_of(*frame, lossless, 95));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_LT(mean_difference(*to_rgb(*decoded->frame), *to_rgb(*frame)), lossless ? 0.001 : 3.0);
  }
  const FramePtr transparent = picture(40, 30, PixelLayout::grey_alpha);
  const auto decoded = decode(webp_of(*transparent));
  ASSERT_TRUE(decoded) << decoded.error().message;
  for (std::uint32_t x = 0; x < 40; ++x)
    EXPECT_EQ(pixel(*decoded->frame, x, 9)[3], pixel(*transparent, x, 9)[1]);
}

TEST(WebpEncoder, MoreEffortMakesSmallerFilesAndLessQualityToo) {
  const FramePtr frame = picture(200, 150);
  const auto size = [&](int quality, int effort) {
    EncodeOptions options{.format = jobs::OutputFormat::webp, .quality = quality};
    options.effort = effort;
    return encode_webp(*frame, options).value().size();
  };
  EXPECT_LT(size(80, 6), size(80, 0));
  EXPECT_LT(size(30, 4), size(90, 4));
}

TEST(WebpEncoder, CarriesTheCopyrightNotice) {
  EncodeOptions options{.format = jobs::OutputFormat::webp};
  options.copyright = "Jane Doe 2024";
  const auto file = encode_webp(*picture(20, 10), options);
  ASSERT_TRUE(file) << file.error().message;
  const auto decoded = decode(*file);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->copyright, "Jane Doe 2024");
}

TEST(WebpEncoder, RefusesSidesThatTheFormatHasNoRoomFor) {
  const auto file =
      encode_webp(*plain(16'384, 1, PixelLayout::grey, {1}), {.format = jobs::OutputFormat::webp});
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::encode_failed);
  EXPECT_THAT(file.error().message, HasSubstr("16383"));
}

}  // namespace
}  // namespace darkroom::imaging
