#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Sample {
  std::string_view name;
  EncodedImage file;
};

/// Files of formats without loss, all of the same picture.
std::vector<Sample> lossless_samples(const Frame& frame) {
  return {{"BMP", bmp_of(frame)},
          {"TGA", tga_of(frame)},
          {"coded TGA", coded_tga_of(frame)},
          {"mirrored TGA", tga_of(frame, true)},
          {"PSD", psd_of(frame)},
          {"coded PSD", coded_psd_of(frame)},
          {"PPM", ppm_of(frame)}};
}

TEST(Formats, WithoutLossComeBackAsTheyWere) {
  const FramePtr frame = picture(23, 14);
  for (const Sample& sample : lossless_samples(*frame)) {
    const auto decoded = stb_decoded(sample.file, Limits{});
    ASSERT_TRUE(decoded) << sample.name << ": " << decoded.error().message;
    ASSERT_EQ((*decoded)->width(), 23U) << sample.name;
    ASSERT_EQ((*decoded)->layout(), PixelLayout::rgb) << sample.name;
    EXPECT_EQ(mean_difference(**decoded, *frame), 0.0) << sample.name;
  }
}

TEST(Formats, EveryCutIsAnErrorAndNeverAHang) {
  auto samples = lossless_samples(*picture(11, 7));
  samples.push_back({"HDR", hdr_file(9, 4)});
  samples.push_back({"flat HDR", hdr_file(5, 4)});
  for (const Sample& sample : samples) {
    for (std::size_t size = 0; size < sample.file.size(); ++size) {
      // The filling behind the last row of a BMP is no part of the picture.
      if (sample.name == "BMP" && sample.file.size() - size <= 3) continue;
      const auto frame = stb_decoded(std::span(sample.file).first(size), Limits{});
      ASSERT_FALSE(frame) << sample.name << " cut at " << size << " of " << sample.file.size();
      EXPECT_THAT(frame.error().code, AnyOf(ErrorCode::corrupt, ErrorCode::empty,
                                            ErrorCode::not_an_image, ErrorCode::unsupported));
    }
  }
}

TEST(Gif, GivesItsFirstFrame) {
  const auto frame = stb_decoded(gif_file(6, 4, 3), Limits{});
  ASSERT_TRUE(frame) << frame.error().message;
  ASSERT_EQ((*frame)->layout(), PixelLayout::rgb);
  EXPECT_EQ(colour_at(**frame, 0, 0), red);
  EXPECT_EQ(colour_at(**frame, 5, 3), red);
}

TEST(Gif, DamageBehindTheFirstFrameIsNotLookedAt) {
  const auto two = gif_file(6, 4, 2);
  const auto one = gif_file(6, 4, 1);
  EXPECT_TRUE(stb_decoded(std::span(two).first(one.size() + 3), Limits{}));
}

TEST(Gif, EveryCutInTheFirstFrameIsAnError) {
  const auto gif = gif_file(6, 4);
  for (std::size_t size = 6; size + 1 < gif.size(); ++size) {
    const auto frame = stb_decoded(std::span(gif).first(size), Limits{});
    ASSERT_FALSE(frame) << "cut at " << size;
    EXPECT_THAT(frame.error().message,
                StartsWith("Corrupted image file: the GIF data ends before the picture does"));
  }
}

TEST(Hdr, IsBroughtToSrgb) {
  for (const std::uint32_t width : {3U, 16U}) {
    const auto frame = stb_decoded(hdr_file(width, 2), Limits{});
    ASSERT_TRUE(frame) << frame.error().message;
    // 0.5, 0.25 and 0.125 to the power of 1 / 2.2.
    EXPECT_LE(distance(colour_at(**frame, 1, 1), {186, 136, 99}), 1) << width;
  }
}

TEST(Hdr, ARunOfLengthZeroIsAnErrorAndNoHang) {
  auto file = hdr_file(16, 2);
  const std::size_t first_run = file.size() - std::size_t{2} * (4 + 16 * 4 * 2) + 4;
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(first_run), std::byte{0});
  const auto frame = stb_decoded(file, Limits{});
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().code, ErrorCode::corrupt);
}

TEST(Pnm, SamplesAreScaledByTheirMaximum) {
  FileBuilder small;
  small.text("P5 3 1 15\n").u8(0).u8(5).u8(15);
  FileBuilder wide;
  wide.text("P5\n2 1\n65535\n").u16_be(0x8000).u16_be(0xFFFF);
  const auto narrow_frame = stb_decoded(small.file(), Limits{});
  ASSERT_TRUE(narrow_frame) << narrow_frame.error().message;
  EXPECT_THAT((*narrow_frame)->samples(), ElementsAre(0, 85, 255));
  const auto wide_frame = stb_decoded(wide.file(), Limits{});
  ASSERT_TRUE(wide_frame) << wide_frame.error().message;
  EXPECT_THAT((*wide_frame)->samples(), ElementsAre(128, 255));
}

TEST(Tga, AFourthByteThatIsNotSaidToBeAlphaIsIgnored) {
  FileBuilder builder;
  builder.u8(0).u8(0).u8(2).zeros(9).u16_le(1).u16_le(1).u8(32).u8(0x20);
  builder.u8(10).u8(20).u8(30).u8(0);
  const auto frame = stb_decoded(builder.file(), Limits{});
  ASSERT_TRUE(frame) << frame.error().message;
  EXPECT_THAT((*frame)->samples(), ElementsAre(30, 20, 10));
}

TEST(Psd, OtherColourModesAreToldApart) {
  auto cmyk = psd_of(*quadrants(4, 4));
  cmyk[25] = std::byte{4};
  const auto info = probe(cmyk, Limits{});
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::unsupported);
  EXPECT_THAT(info.error().message, HasSubstr("CMYK"));
}

}  // namespace
}  // namespace darkroom::imaging
