#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "tests/imaging/gif_comparison.hpp"
#include "tests/imaging/gif_samples.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::HasSubstr;

constexpr std::uint32_t pixel_bits = 2;

EncodedImage file_of(Size size, const GifCodes& codes) {
  return gif_around({.canvas = size, .size = size, .pixels = {}},
                    codes.blocks(1));  // The smallest blocks.
}

/// Each pixel as a code of its own, until the table is nearly full.
EncodedImage literal_gif(Size size, std::uint32_t pixels) {
  GifCodes codes(pixel_bits);
  for (std::uint32_t i = 0; i < pixels; ++i) {
    if (i % 4'000 == 0) codes.add(codes.clear());
    codes.add(i % 4);
  }
  codes.add(codes.end());
  return file_of(size, codes);
}

TEST(GifPixelData, IsCountedThroughCodesOfEveryWidth) {
  const auto whole = gif_decoded_by_both(literal_gif({100, 60}, 6'000));
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(colour_at(**whole, 99, 59), yellow);
  const auto short_of_one = gif_decoded_by_both(literal_gif({100, 60}, 5'999));
  ASSERT_FALSE(short_of_one);
  EXPECT_EQ(short_of_one.error().message,
            "Corrupted image file: the GIF data ends before the picture does.");
}

TEST(GifPixelData, IsCountedThroughCodesThatStandForThemselves) {
  // 1 + 2 + ... + 10 pixels of one colour.
  GifCodes codes(pixel_bits);
  codes.add(codes.clear());
  codes.add(2);
  for (int i = 0; i < 9; ++i)
    codes.add(codes.unknown());
  codes.add(codes.end());
  const auto whole = gif_decoded_by_both(file_of({11, 5}, codes));
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(colour_at(**whole, 10, 4), blue);
  EXPECT_FALSE(gif_decoded_by_both(file_of({8, 7}, codes)));
}

TEST(GifPixelData, WithACodeThatMeansNothingIsDamaged) {
  for (const std::uint32_t known : {0U, 1U}) {
    GifCodes codes(pixel_bits);
    codes.add(codes.clear());
    if (known == 1) codes.add(0);
    codes.add(7);
    codes.add(codes.end());
    const auto frame = gif_decoded_by_both(file_of({2, 2}, codes));
    ASSERT_FALSE(frame);
    EXPECT_THAT(frame.error().message, HasSubstr("the GIF data is damaged"));
  }
}

}  // namespace
}  // namespace darkroom::imaging
