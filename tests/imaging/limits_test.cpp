#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "imaging/backend.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::AllOf;
using ::testing::HasSubstr;

EncodedImage bomb() {
  return png_file(30'000, 30'000, 8, 2, std::vector<std::uint8_t>(1'000));
}

long peak_kilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST(Limits, AHugePictureOfAFewBytesIsRefusedByItsHeader) {
  const auto file = bomb();
  EXPECT_LT(file.size(), 500U);
  const auto info = probe(file, Limits{});
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::too_many_pixels);
  EXPECT_EQ(info.error().message,
            "The image is too large: 30000x30000 is 900.0 megapixels; the limit is 100.0 "
            "megapixels.");
}

TEST(Limits, AHugePictureIsRefusedBeforeItsPixelsAreAllocated) {
  const long before = peak_kilobytes();
  const auto frame = stb_decoded(bomb(), Limits{});
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().code, ErrorCode::too_many_pixels);
  EXPECT_LT(peak_kilobytes() - before, 100'000);
}

TEST(Limits, APictureWithinThemButWithoutItsDataIsRefusedBeforeItsPixelsAreAllocated) {
  const long before = peak_kilobytes();
  const auto frame = stb_decoded(bomb(), Limits{.max_pixels = 1'000'000'000});
  ASSERT_FALSE(frame);
  EXPECT_LT(peak_kilobytes() - before, 100'000);
}

TEST(Limits, AHeaderThatPromisesFewPixelsCannotHideMany) {
  const auto file = png_file(1, 1, 8, 2, std::vector<std::uint8_t>(50'000'000));
  EXPECT_LT(file.size(), 100'000U);
  const long before = peak_kilobytes();
  const auto frame = stb_decoded(file, Limits{});
  ASSERT_FALSE(frame);
  EXPECT_THAT(frame.error().message, HasSubstr("more pixel data than its header announces"));
  EXPECT_LT(peak_kilobytes() - before, 20'000);
}

TEST(Limits, FiguresNeverLookEqual) {
  const auto info = probe(png_file(10'001, 10'000, 8, 0, {}), Limits{});
  ASSERT_FALSE(info);
  EXPECT_THAT(info.error().message, AllOf(HasSubstr("100.1 megapixels"), HasSubstr("is 100.0")));
}

TEST(Limits, SmallLimitsAreToldInPixels) {
  const auto info = probe(png_of(*quadrants(30, 20)), Limits{.max_pixels = 599});
  ASSERT_FALSE(info);
  EXPECT_THAT(info.error().message, AllOf(HasSubstr("600 pixels"), HasSubstr("599 pixels")));
}

TEST(Limits, ReachingALimitIsNotPassingIt) {
  EXPECT_TRUE(probe(png_of(*quadrants(30, 20)), Limits{.max_pixels = 600, .max_side = 30}));
}

TEST(Limits, ALongSideIsRefused) {
  const auto info = probe(png_of(*quadrants(30, 2)), Limits{.max_side = 29});
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::too_wide_or_high);
  EXPECT_THAT(info.error().message, AllOf(HasSubstr("30x2"), HasSubstr("29 pixels")));
}

TEST(Limits, AHeaderWithoutPixelsIsCorrupt) {
  const auto info = probe(png_file(0, 10, 8, 0, {}), Limits{});
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::corrupt);
}

TEST(Limits, SizesThatOverflow32BitsAreRefused) {
  const auto info = probe(png_file(0x7FFF'FFFF, 0x7FFF'FFFF, 16, 6, {}), Limits{});
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::too_many_pixels);
}

}  // namespace
}  // namespace darkroom::imaging
