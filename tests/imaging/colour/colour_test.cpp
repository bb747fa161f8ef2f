#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/colour/cmyk.hpp"
#include "imaging/colour/colour_conversion.hpp"
#include "imaging/colour/srgb_profile.hpp"
#include "tests/imaging/jpeg/sample_profiles.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::ElementsAre;

TEST(SrgbProfile, IsKnownByItsColoursAndCurve) {
  EXPECT_TRUE(is_srgb_profile(srgb_profile()));
  EXPECT_FALSE(is_srgb_profile(display_p3_profile()));
  EXPECT_FALSE(is_srgb_profile(grey_profile(1.8)));
  EXPECT_FALSE(is_srgb_profile(weak_cyan_cmyk_profile()));
  EXPECT_FALSE(is_srgb_profile({}));
  EXPECT_FALSE(is_srgb_profile(ProfileBytes(300, std::byte{1})));
}

TEST(ColourConversion, GivesTheFrameItselfWhereThereIsNothingToDo) {
  const auto frame = picture(9, 7);
  EXPECT_EQ(convert_to_srgb(frame, srgb_profile()), frame);
  EXPECT_EQ(convert_to_srgb(frame, {}), frame);
  EXPECT_EQ(convert_to_srgb(frame, grey_profile(1.0)), frame);
}

TEST(ColourConversion, KeepsAlpha) {
  const auto frame = plain(5, 3, PixelLayout::rgba, {128, 64, 64, 77});
  const auto converted = convert_to_srgb(frame, display_p3_profile());
  const auto colour = pixel(*converted, 4, 2);
  EXPECT_LE(distance({colour[0], colour[1], colour[2]}, {138, 60, 62}), 2);
  EXPECT_EQ(colour[3], 77);
}

TEST(ColourConversion, ConvertsGreyBesideAlpha) {
  const auto frame = plain(300, 2, PixelLayout::grey_alpha, {128, 40});
  const auto converted = convert_to_srgb(frame, grey_profile(1.0));
  for (const std::uint32_t x : {0U, 255U, 256U, 299U}) {
    EXPECT_NEAR(pixel(*converted, x, 1).at(0), 188, 1);
    EXPECT_EQ(pixel(*converted, x, 1).at(1), 40);
  }
}

TEST(ColourConversion, LeavesBlackAndWhiteAlone) {
  for (const std::uint8_t level : std::array<std::uint8_t, 2>{0, 255}) {
    const auto frame = plain(2, 2, PixelLayout::rgb, {level, level, level});
    EXPECT_THAT(pixel(*convert_to_srgb(frame, display_p3_profile()), 1, 1),
                ElementsAre(level, level, level));
  }
}

TEST(Cmyk, GoesByThePlainFormula) {
  const std::array<std::uint8_t, 12> cmyk{255, 255, 255, 255, 0, 255, 255, 255, 255, 128, 255, 128};
  std::array<std::uint8_t, 9> rgb{};
  inverted_cmyk_to_rgb(cmyk.data(), rgb.data(), 3);
  EXPECT_THAT(rgb, ElementsAre(255, 255, 255, 0, 255, 255, 128, 64, 128));
}

}  // namespace
}  // namespace darkroom::imaging
