#include <gtest/gtest.h>

#include "tests/imaging/png/png_samples.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

ImageInfo info_of(const EncodedImage& file) {
  const auto info = probe(file, Limits{});
  EXPECT_TRUE(info) << info.error().message;
  return info.value_or(ImageInfo{});
}

TEST(PngHeader, TellsWhatCanBeTransparent) {
  EXPECT_FALSE(info_of(png_of(*picture(8, 8, PixelLayout::rgb))).alpha);
  EXPECT_FALSE(info_of(png_of(*picture(8, 8, PixelLayout::grey))).alpha);
  EXPECT_TRUE(info_of(png_of(*picture(8, 8, PixelLayout::rgba))).alpha);
  EXPECT_TRUE(info_of(png_of(*picture(8, 8, PixelLayout::grey_alpha))).alpha);
  const auto keyed = with_chunk(png_of(*picture(8, 8, PixelLayout::grey)),
                                png_chunk("tRNS", FileBuilder().u16_be(3).file()));
  EXPECT_TRUE(info_of(keyed).alpha);
}

TEST(PngHeader, CountsTheFramesOfAnAnimation) {
  const auto animated = [](std::uint32_t frames) {
    return with_chunk(png_of(*picture(8, 8)),
                      png_chunk("acTL", FileBuilder().u32_be(frames).u32_be(0).file()));
  };
  EXPECT_EQ(info_of(png_of(*picture(8, 8))).frames, 1U);
  EXPECT_EQ(info_of(animated(12)).frames, 12U);
  const auto too_many = probe(animated(1'001), Limits{});
  ASSERT_FALSE(too_many);
  EXPECT_EQ(too_many.error().code, ErrorCode::too_many_frames);
}

}  // namespace
}  // namespace darkroom::imaging
