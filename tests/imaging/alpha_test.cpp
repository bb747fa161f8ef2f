#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

TEST(Flatten, JpegsOfTransparentPicturesAreWhite) {
  for (const auto& [layout, clear] :
       {std::pair{PixelLayout::rgba, std::vector<std::uint8_t>{0, 0, 0, 0}},
        {PixelLayout::grey_alpha, std::vector<std::uint8_t>{0, 0}}}) {
    const auto frame = stb_decoded(jpeg_of(*plain(16, 16, layout, clear)), Limits{});
    ASSERT_TRUE(frame);
    EXPECT_EQ(colour_at(**frame, 8, 8), (Colour{255, 255, 255}));
  }
}

TEST(Encode, GreyStaysGrey) {
  const auto frame = stb_decoded(jpeg_of(*plain(16, 16, PixelLayout::grey, {77}), 95), Limits{});
  ASSERT_TRUE(frame);
  EXPECT_LE(distance(colour_at(**frame, 8, 8), {77, 77, 77}), 1);
}

TEST(Encode, LowerQualityIsSmaller) {
  const FramePtr frame = picture(200, 150);
  EXPECT_LT(jpeg_of(*frame, 40).size(), jpeg_of(*frame, 90).size());
}

TEST(Encode, RefusesAQualityThatDoesNotExist) {
  for (const int quality : {-1, 0, 101}) {
    const auto file = stb_backend().encode(*quadrants(8, 8), {.quality = quality});
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::encode_failed);
  }
}

TEST(Encode, RefusesAJpegThatIsTooLongForTheFormat) {
  const auto file = stb_backend().encode(*plain(65'536, 1, PixelLayout::grey, {0}), {});
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::encode_failed);
}

TEST(Frames, RefuseSamplesThatDoNotFillThem) {
  EXPECT_THROW(Frame(2, 2, PixelLayout::rgb, std::vector<std::uint8_t>(11)), std::invalid_argument);
  EXPECT_THROW(Frame(0, 2, PixelLayout::rgb, {}), std::invalid_argument);
}

}  // namespace
}  // namespace darkroom::imaging
