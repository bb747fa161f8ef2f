#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Png, EveryLayoutComesBackAsItWas) {
  for (const auto layout :
       {PixelLayout::grey, PixelLayout::grey_alpha, PixelLayout::rgb, PixelLayout::rgba}) {
    const FramePtr frame = picture(37, 21, layout);
    const auto decoded = stb_decoded(png_of(*frame), Limits{});
    ASSERT_TRUE(decoded) << decoded.error().message;
    ASSERT_EQ((*decoded)->layout(), layout);
    EXPECT_EQ(mean_difference(*frame, **decoded), 0.0);
  }
}

TEST(Png, EveryCutIsAnError) {
  const auto png = png_of(*picture(40, 30));
  for (std::size_t size = 0; size < png.size(); ++size) {
    const auto frame = stb_decoded(std::span(png).first(size), Limits{});
    ASSERT_FALSE(frame) << "cut at " << size << " of " << png.size();
  }
}

TEST(Png, ACutInThePixelsNamesTheCause) {
  const auto png = png_of(*picture(40, 30));
  const auto frame = stb_decoded(std::span(png).first(png.size() / 2), Limits{});
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().message,
            "Corrupted image file: the PNG data ends before the picture does.");
}

TEST(Png, EveryFlippedBitOfThePictureIsAnError) {
  const auto png = png_of(*picture(20, 10));
  for (std::size_t at = 0; at < png.size(); ++at) {
    auto file = png;
    file[at] ^= std::byte{4};
    EXPECT_FALSE(stb_decoded(file, Limits{})) << "byte " << at;
  }
}

TEST(Png, PixelDataThatEndTooEarlyAreAnErrorWithRightChecksums) {
  const auto frame = stb_decoded(png_file(4, 4, 8, 0, {0, 1, 2, 3, 4}), Limits{});
  ASSERT_FALSE(frame);
  EXPECT_THAT(frame.error().message, HasSubstr("ends before the picture does"));
}

TEST(Png, DamageInACommentDoesNoHarm) {
  const auto png = png_of(*quadrants(8, 8));
  auto comment = png_chunk("tEXt", bytes_of("Comment"));
  comment.back() ^= std::byte{1};
  FileBuilder file;
  file.append({png.begin(), png.begin() + 33})
      .append(comment)
      .append({png.begin() + 33, png.end()});
  EXPECT_TRUE(stb_decoded(file.file(), Limits{}));
}

TEST(Png, SixteenBitsAreCutToEight) {
  const auto frame = stb_decoded(png_file(2, 1, 16, 0, {0, 0x12, 0x34, 0xFF, 0xFF}), Limits{});
  ASSERT_TRUE(frame) << frame.error().message;
  EXPECT_THAT((*frame)->samples(), ElementsAre(0x12, 0xFF));
}

TEST(Png, APaletteIsLookedUp) {
  const auto frame = stb_decoded(png_file(2, 1, 8, 3, {0, 1, 0}, {1, 2, 3, 4, 5, 6}), Limits{});
  ASSERT_TRUE(frame) << frame.error().message;
  EXPECT_THAT((*frame)->samples(), ElementsAre(4, 5, 6, 1, 2, 3));
}

TEST(Png, AColourOutsideThePaletteIsBlack) {
  const auto frame = stb_decoded(png_file(3, 1, 8, 3, {0, 0, 1, 255}, {10, 20, 30}), Limits{});
  ASSERT_TRUE(frame) << frame.error().message;
  EXPECT_THAT((*frame)->samples(), ElementsAre(10, 20, 30, 0, 0, 0, 0, 0, 0));
}

TEST(Png, OpaqueAlphaIsDropped) {
  const auto frame = stb_decoded(png_of(*plain(3, 3, PixelLayout::rgba, {1, 2, 3, 255})), Limits{});
  ASSERT_TRUE(frame);
  EXPECT_EQ((*frame)->layout(), PixelLayout::rgb);
}

TEST(Png, ASignatureChangedInTextModeIsTold) {
  auto file = png_of(*quadrants(8, 8));
  file.erase(file.begin() + 4);
  const auto frame = stb_decoded(file, Limits{});
  ASSERT_FALSE(frame);
  EXPECT_THAT(frame.error().message, HasSubstr("text mode"));
}

}  // namespace
}  // namespace darkroom::imaging
