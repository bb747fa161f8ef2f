#include "imaging/jpeg/jpeg_encoder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/pixels/ycc.hpp"
#include "tests/imaging/jpeg/jpeg_samples.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::HasSubstr;

Picture decoded(const EncodedImage& file) {
  auto picture = decode(file);
  EXPECT_TRUE(picture) << picture.error().message;
  return std::move(*picture);
}

TEST(JpegEncoder, WritesPlanesOfEverySubsamplingAndSize) {
  for (const Subsampling subsampling : {Subsampling{1, 1}, Subsampling{2, 1}, Subsampling{2, 2},
                                        Subsampling{1, 2}, Subsampling{4, 1}, Subsampling{4, 2}}) {
    for (const Size size : {Size{1, 1}, Size{7, 5}, Size{16, 16}, Size{17, 33}, Size{130, 71}}) {
      const auto source = decoded(make_jpeg(*picture(size.width, size.height),
                                            {.subsampling = subsampling, .quality = 98}));
      const auto file = encode_jpeg(*source.frame, {.quality = 98});
      ASSERT_TRUE(file) << file.error().message;
      const auto again = decoded(*file);
      ASSERT_EQ(again.frame->size(), size);
      ASSERT_EQ(again.frame->subsampling(), subsampling);
      for (const std::size_t plane : {0U, 1U, 2U}) {
        EXPECT_GT(psnr(source.frame->plane(plane), again.frame->plane(plane)), 40)
            << size.width << "x" << size.height;
      }
    }
  }
}

/// Blocks are filled up with the edge: black would show in the last pixels at low quality.
TEST(JpegEncoder, LeavesTheEdgesClean) {
  const auto source = decoded(make_jpeg(*plain(33, 41, PixelLayout::rgb, {250, 250, 250})));
  const auto again = decoded(*encode_jpeg(*source.frame, {.quality = 20}));
  EXPECT_LE(largest_difference(source.frame->plane(0), again.frame->plane(0)), 2);
}

TEST(JpegEncoder, ChoosesTheSubsamplingByQuality) {
  const auto source = decoded(make_jpeg(*picture(40, 30), {.subsampling = {2, 1}}));
  const auto written = [&](const EncodeOptions& options) {
    return decoded(*encode_jpeg(*source.frame, options)).frame->subsampling();
  };
  using jobs::ChromaSubsampling;
  EXPECT_EQ(written({.quality = 89}), (Subsampling{2, 2}));
  EXPECT_EQ(written({.quality = 90}), (Subsampling{2, 1}));
  EXPECT_EQ(written({.quality = 50, .subsampling = ChromaSubsampling::s444}), (Subsampling{1, 1}));
  EXPECT_EQ(written({.quality = 50, .subsampling = ChromaSubsampling::s422}), (Subsampling{2, 1}));
  EXPECT_EQ(written({.quality = 95, .subsampling = ChromaSubsampling::s420}), (Subsampling{2, 2}));
}

TEST(JpegEncoder, WritesInterleavedFrames) {
  const auto rgb = picture(61, 47);
  const auto again = decoded(*encode_jpeg(*rgb, {.quality = 95}));
  EXPECT_EQ(again.frame->subsampling(), (Subsampling{1, 1}));
  EXPECT_LT(mean_difference(*to_rgb(*again.frame), *rgb), 2.0);

  const auto grey = picture(61, 47, PixelLayout::grey);
  const auto grey_again = decoded(*encode_jpeg(*grey, {.quality = 95}));
  ASSERT_EQ(grey_again.frame->layout(), PixelLayout::grey);
  EXPECT_LT(mean_difference(*grey_again.frame, *grey), 2.0);
}

TEST(JpegEncoder, LaysTransparentFramesOnTheBackground) {
  const auto clear = plain(16, 16, PixelLayout::rgba, {10, 20, 30, 0});
  const auto file = encode_jpeg(*clear, {.quality = 95, .background = {200, 30, 40}});
  ASSERT_TRUE(file);
  EXPECT_LE(distance(colour_at(*to_rgb(*decoded(*file).frame), 8, 8), {200, 30, 40}), 3);
}

TEST(JpegEncoder, WritesProgressiveFiles) {
  const auto source = decoded(make_jpeg(*picture(90, 70)));
  const auto plain_file = *encode_jpeg(*source.frame, {.quality = 80});
  const auto file = *encode_jpeg(*source.frame, {.quality = 80, .progressive = true});
  const auto has_marker = [](const EncodedImage& jpeg, unsigned code) {
    for (std::size_t i = 0; i + 1 < jpeg.size(); ++i) {
      if (jpeg[i] == std::byte{0xFF} && jpeg[i + 1] == static_cast<std::byte>(code)) return true;
    }
    return false;
  };
  EXPECT_TRUE(has_marker(file, 0xC2));
  EXPECT_FALSE(has_marker(plain_file, 0xC2));
  EXPECT_EQ(largest_difference(decoded(file).frame->plane(0), decoded(plain_file).frame->plane(0)),
            0);
}

TEST(JpegEncoder, KeepsTheCopyrightAlone) {
  const auto source = decoded(make_jpeg(*picture(40, 30)));
  EXPECT_FALSE(source.copyright);
  for (const std::string notice : {"(c)", "Copyright 2024, Anna Schmidt. All rights reserved."}) {
    const auto file = encode_jpeg(*source.frame, {.copyright = notice});
    EXPECT_EQ(decoded(*file).copyright, notice);
  }
}

TEST(JpegEncoder, RefusesWhatAJpegCannotHave) {
  const auto image = picture(16, 16, PixelLayout::grey);
  for (const int quality : {0, 101}) {
    const auto file = encode_jpeg(*image, {.quality = quality});
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::encode_failed);
  }
  const auto file = encode_jpeg(*plain(65'501, 1, PixelLayout::grey, {9}), {});
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr("65501x1"));
}

}  // namespace
}  // namespace darkroom::imaging
