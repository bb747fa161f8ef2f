#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/imaging/png/png_samples.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::HasSubstr;

TEST(PngDamage, EveryCutIsAnError) {
  const auto png = png_of(*picture(40, 30));
  for (std::size_t size = 0; size < png.size(); ++size) {
    ASSERT_FALSE(decode({png.begin(), png.begin() + static_cast<std::ptrdiff_t>(size)}))
        << "cut at " << size << " of " << png.size();
  }
}

TEST(PngDamage, EveryFlippedBitOfThePictureIsAnError) {
  const auto png = png_of(*picture(20, 10));
  for (std::size_t at = 0; at < png.size(); ++at) {
    auto file = png;
    file[at] ^= std::byte{4};
    EXPECT_FALSE(decode(file)) << "byte " << at;
  }
}

TEST(PngDamage, RandomRowsWithRightChecksumsNeverCrash) {
  // Right checksums and streams, wrong rows: sizes, filters and palettes are what is left to check.
  std::mt19937 engine(7);
  const auto random = [&] { return static_cast<std::uint32_t>(engine()); };
  for (int round = 0; round < 2'000; ++round) {
    std::vector<std::uint8_t> rows(random() % 200);
    for (auto& byte : rows)
      byte = static_cast<std::uint8_t>(random() % 7);
    constexpr std::pair<int, int> kinds[] = {{8, 0}, {1, 0}, {8, 2}, {16, 6}, {4, 3}, {8, 4}};
    const auto& [depth, colour] = kinds[random() % std::size(kinds)];
    const std::vector<std::uint8_t> palette(colour == 3 ? 9 : 0, 5);
    const auto result =
        decode(png_file(1 + random() % 9, 1 + random() % 9, depth, colour, rows, palette));
    if (!result) {
      EXPECT_EQ(result.error().code, ErrorCode::corrupt) << result.error().message;
    }
  }
}

TEST(PngDamage, AFilterThatDoesNotExistIsAnError) {
  const auto result = decode(png_file(2, 2, 8, 0, {0, 1, 2, 5, 3, 4}));
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("filter"));
}

TEST(PngDamage, TooFewRowsAreAnErrorAndALittleMoreIsBorne) {
  const auto few = decode(png_file(4, 4, 8, 0, {0, 1, 2, 3, 4}));
  ASSERT_FALSE(few);
  EXPECT_THAT(few.error().message, HasSubstr("ends before the picture does"));
  EXPECT_TRUE(decode(png_file(2, 1, 8, 0, {0, 1, 2, 0, 3, 4})));
}

TEST(PngDamage, ABombIsRefused) {
  const std::vector<std::uint8_t> rows(10'000'000);
  const auto result = decode(png_file(2, 2, 8, 0, rows));
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("more pixel data than its header announces"));
}

TEST(PngDamage, PixelDataInManyPiecesAreOne) {
  const auto png = png_of(*quadrants(8, 8));
  // Splits the one IDAT chunk behind the header.
  const std::size_t start = 33;
  const std::size_t size = png.size() - start - 24;
  FileBuilder file;
  file.append({png.begin(), png.begin() + start});
  for (std::size_t i = 0; i < size; ++i)
    file.append(png_chunk("IDAT", {png[start + 8 + i]}));
  file.append(png_chunk("IEND", {}));
  const auto picture = decode(file.file());
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(mean_difference(*picture->frame, *quadrants(8, 8)), 0.0);
}

}  // namespace
}  // namespace darkroom::imaging
