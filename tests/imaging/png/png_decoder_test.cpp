#include "imaging/png/png_decoder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "tests/imaging/png/png_samples.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::ElementsAre;

/// stb_image cuts 16 bits to 8 where we round.
int tolerance(const PngHeader& header) {
  return header.depth == 16 ? 1 : 0;
}

void expect_as_stb_decodes(const EncodedImage& file, int most) {
  const auto ours = decode(file);
  const auto reference = stb_backend().decode(file, Limits{});
  ASSERT_TRUE(ours) << ours.error().message;
  ASSERT_TRUE(reference) << reference.error().message;
  ASSERT_EQ(ours->size, reference->size);
  ASSERT_EQ(ours->frame->layout(), reference->frame->layout());
  const auto a = ours->frame->samples();
  const auto b = reference->frame->samples();
  for (std::size_t i = 0; i < a.size(); ++i)
    ASSERT_LE(std::abs(a[i] - b[i]), most) << "sample " << i;
}

TEST(PngDecoder, DecodesEveryKindAsStbDoes) {
  std::uint32_t seed = 0;
  for (const PngHeader& header : every_png_kind(67, 21)) {
    for (const bool transparency : {false, true}) {
      if (transparency && header.colour >= 4) continue;
      SCOPED_TRACE("colour type " + std::to_string(header.colour) + ", depth " +
                   std::to_string(header.depth) + (header.interlaced ? ", interlaced" : "") +
                   (transparency ? ", tRNS" : ""));
      // stb_image compares a transparent colour of 16 bits after cutting both to 8.
      if (transparency && header.depth == 16) continue;
      expect_as_stb_decodes(random_png(header, transparency, ++seed), tolerance(header));
    }
  }
}

TEST(PngDecoder, DecodesTinySizesOfEveryKind) {
  for (std::uint32_t width = 1; width <= 9; ++width) {
    for (std::uint32_t height = 1; height <= 9; ++height) {
      for (const PngHeader& header : every_png_kind(width, height)) {
        SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
        expect_as_stb_decodes(random_png(header, false, width * 16 + height), tolerance(header));
      }
    }
  }
}

TEST(PngDecoder, ATransparentColourOf16BitsIsComparedWhole) {
  const auto file = png_file(2, 1, 16, 0, {0, 0x12, 0x34, 0x12, 0x35});
  const auto keyed = with_chunk(file, png_chunk("tRNS", FileBuilder().u16_be(0x1234).file()));
  const auto picture = decode(keyed);
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->frame->layout(), PixelLayout::grey_alpha);
  EXPECT_THAT(picture->frame->samples(), ElementsAre(0x12, 0, 0x12, 255));
}

TEST(PngDecoder, SixteenBitsAreRounded) {
  const auto picture = decode(png_file(3, 1, 16, 0, {0, 0x00, 0x80, 0x00, 0x81, 0xFF, 0x7F}));
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_THAT(picture->frame->samples(), ElementsAre(0, 1, 255));
}

TEST(PngDecoder, AColourOutsideThePaletteIsBlack) {
  const auto picture = decode(png_file(3, 1, 8, 3, {0, 0, 1, 255}, {10, 20, 30}));
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_THAT(picture->frame->samples(), ElementsAre(10, 20, 30, 0, 0, 0, 0, 0, 0));
}

TEST(PngDecoder, OpaqueAlphaIsDropped) {
  const auto picture = decode(png_of(*plain(5, 3, PixelLayout::rgba, {1, 2, 3, 255})));
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->frame->layout(), PixelLayout::rgb);
}

TEST(PngDecoder, TurnsThePictureUpright) {
  const auto turned =
      with_chunk(png_of(*quadrants(20, 10)), png_chunk("eXIf", exif_block(6, true)));
  const auto picture = decode(turned);
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->size, (Size{10, 20}));
  EXPECT_EQ(colour_at(*picture->frame, 0, 0), blue);
  EXPECT_EQ(colour_at(*picture->frame, 9, 0), red);
}

}  // namespace
}  // namespace darkroom::imaging
