#include <cstdint>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::ElementsAre;

/// A GIF of one picture of four colours, somewhere on its canvas.
struct Gif {
  Size canvas;
  std::uint32_t left = 0;
  std::uint32_t top = 0;
  Size size;
  std::vector<std::uint32_t> colours;  ///< Of each pixel, as the file stores the rows.
  bool interlaced = false;
  bool first_colour_transparent = false;
};

/// LZW codes of three bits; a clear code before each pixel keeps them so.
std::vector<std::uint8_t> packed(const std::vector<std::uint32_t>& colours) {
  std::vector<std::uint32_t> codes;
  for (const std::uint32_t colour : colours) {
    codes.push_back(4);
    codes.push_back(colour);
  }
  codes.push_back(5);
  std::vector<std::uint8_t> bytes((codes.size() * 3 + 7) / 8);
  for (std::size_t bit = 0; bit < codes.size() * 3; ++bit) {
    const auto value = (codes[bit / 3] >> (bit % 3)) & 1U;
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] | (value << (bit % 8)));
  }
  return bytes;
}

EncodedImage file_of(const Gif& gif) {
  FileBuilder builder;
  builder.text("GIF89a").u16_le(gif.canvas.width).u16_le(gif.canvas.height);
  builder.u8(0x81).u8(0).u8(0);
  for (const Colour& colour : {red, green, blue, yellow})
    builder.u8(colour[0]).u8(colour[1]).u8(colour[2]);
  if (gif.first_colour_transparent) {
    builder.u8(0x21).u8(0xF9).u8(4).u8(1).u16_le(0).u8(0).u8(0);
  }
  builder.u8(0x2C).u16_le(gif.left).u16_le(gif.top);
  builder.u16_le(gif.size.width).u16_le(gif.size.height).u8(gif.interlaced ? 0x40 : 0).u8(2);
  const auto data = packed(gif.colours);
  builder.u8(static_cast<std::uint32_t>(data.size())).bytes(data).u8(0);
  return builder.u8(0x3B).file();
}

FramePtr decode(const Gif& gif) {
  const auto picture = stb_backend().decode(file_of(gif), Limits{});
  EXPECT_TRUE(picture) << picture.error().message;
  return picture ? picture->frame : nullptr;
}

TEST(Gif, APictureSmallerThanItsCanvasLiesInItsPlaceAndNothingAroundIt) {
  const FramePtr frame =
      decode({.canvas = {6, 5}, .left = 2, .top = 1, .size = {2, 2}, .colours = {0, 1, 2, 3}});
  ASSERT_NE(frame, nullptr);
  ASSERT_EQ(frame->size(), (Size{6, 5}));
  ASSERT_EQ(frame->layout(), PixelLayout::rgba);
  EXPECT_EQ(pixel(*frame, 0, 0)[3], 0);
  EXPECT_EQ(pixel(*frame, 1, 1)[3], 0);
  EXPECT_EQ(pixel(*frame, 4, 2)[3], 0);
  EXPECT_EQ(pixel(*frame, 5, 4)[3], 0);
  EXPECT_THAT(pixel(*frame, 2, 1), ElementsAre(red[0], red[1], red[2], 255));
  EXPECT_THAT(pixel(*frame, 3, 2), ElementsAre(yellow[0], yellow[1], yellow[2], 255));
}

TEST(Gif, InterlacedRowsComeInTheirPlaces) {
  // Ten rows are stored in the order 0, 8, 4, 2, 6, 1, 3, 5, 7, 9 (GIF89a, appendix E).
  const std::vector<std::uint32_t> rows{0, 8, 4, 2, 6, 1, 3, 5, 7, 9};
  Gif gif{.canvas = {1, 10}, .size = {1, 10}, .colours = {}, .interlaced = true};
  for (const std::uint32_t row : rows)
    gif.colours.push_back(row % 4);
  const FramePtr frame = decode(gif);
  ASSERT_NE(frame, nullptr);
  const std::vector<Colour> palette{red, green, blue, yellow};
  for (std::uint32_t y = 0; y < 10; ++y)
    EXPECT_EQ(colour_at(*frame, 0, y), palette[y % 4]) << "row " << y;
}

TEST(Gif, ATransparentColourIsTransparent) {
  const FramePtr frame = decode(
      {.canvas = {2, 1}, .size = {2, 1}, .colours = {0, 1}, .first_colour_transparent = true});
  ASSERT_NE(frame, nullptr);
  ASSERT_EQ(frame->layout(), PixelLayout::rgba);
  EXPECT_EQ(pixel(*frame, 0, 0)[3], 0);
  EXPECT_EQ(pixel(*frame, 1, 0)[3], 255);
}

TEST(GifHeader, CountsFramesAndTellsTransparency) {
  const auto opaque = probe(gif_file(6, 4, 3), Limits{});
  ASSERT_TRUE(opaque) << opaque.error().message;
  EXPECT_EQ(opaque->frames, 3U);
  EXPECT_FALSE(opaque->alpha);
  const auto small = probe(file_of({.canvas = {6, 5}, .size = {1, 1}, .colours = {0}}), Limits{});
  ASSERT_TRUE(small) << small.error().message;
  EXPECT_TRUE(small->alpha);
  const auto keyed = probe(
      file_of({.canvas = {1, 1}, .size = {1, 1}, .colours = {0}, .first_colour_transparent = true}),
      Limits{});
  ASSERT_TRUE(keyed) << keyed.error().message;
  EXPECT_TRUE(keyed->alpha);
  EXPECT_EQ(probe(gif_file(1, 1, 20), {.max_frames = 19}).error().code, ErrorCode::too_many_frames);
}

}  // namespace
}  // namespace darkroom::imaging
