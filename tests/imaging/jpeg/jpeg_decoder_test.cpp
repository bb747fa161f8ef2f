#include "imaging/jpeg/jpeg_decoder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/pixels/ycc.hpp"
#include "tests/imaging/jpeg/jpeg_samples.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

constexpr std::array<Subsampling, 6> subsamplings{{{1, 1}, {2, 1}, {2, 2}, {1, 2}, {4, 1}, {4, 2}}};
constexpr std::array<Size, 7> sizes{
    {{1, 1}, {2, 3}, {7, 5}, {16, 16}, {17, 33}, {61, 47}, {130, 70}}};

/// How far luma is from what stb_image makes of it; its inverse transform rounds otherwise.
int luma_difference(const Frame& frame, const EncodedImage& file) {
  const auto luma = stb_luma(file);
  Plane expected = frame.plane(0);
  if (luma.size() != std::size_t{expected.width} * expected.height) return 255;
  expected.stride = expected.width;
  expected.data = luma.data();
  return largest_difference(frame.plane(0), expected);
}

TEST(JpegDecoder, GivesThePlanesOfEverySubsamplingAndSize) {
  for (const Subsampling subsampling : subsamplings) {
    for (const Size size : sizes) {
      for (const bool progressive : {false, true}) {
        const auto file = make_jpeg(*picture(size.width, size.height),
                                    {.subsampling = subsampling, .progressive = progressive});
        const auto decoded = decode(file);
        ASSERT_TRUE(decoded) << decoded.error().message;
        const Frame& frame = *decoded->frame;
        ASSERT_EQ(frame.layout(), PixelLayout::ycc);
        EXPECT_EQ(frame.subsampling(), subsampling);
        EXPECT_EQ(frame.size(), size);
        EXPECT_EQ(decoded->size, size);
        EXPECT_LE(luma_difference(frame, file), 2) << size.width << "x" << size.height;
      }
    }
  }
}

TEST(JpegDecoder, HasTheColoursThatStbHas) {
  for (const Subsampling subsampling : subsamplings) {
    const auto file = make_jpeg(*picture(131, 75), {.subsampling = subsampling});
    const auto expected = stb_backend().decode(file, Limits{});
    const auto decoded = decode(file);
    ASSERT_TRUE(expected && decoded);
    // stb_image repeats chroma where a sample covers four pixels across; we interpolate.
    const double tolerance = subsampling.horizontal == 1 && subsampling.vertical == 1 ? 0.8 : 2.5;
    const double repeated = subsampling.horizontal == 4 ? 2.0 : 0.0;
    EXPECT_LT(mean_difference(*to_rgb(*decoded->frame), *expected->frame), tolerance + repeated)
        << int{subsampling.horizontal} << int{subsampling.vertical};
  }
}

TEST(JpegDecoder, GivesGreyForGrey) {
  for (const bool progressive : {false, true}) {
    for (const Subsampling factors : {Subsampling{1, 1}, Subsampling{2, 2}}) {
      const auto file = make_jpeg(
          *picture(61, 47),
          {.subsampling = factors, .colour = SampleColour::grey, .progressive = progressive});
      const auto decoded = decode(file);
      ASSERT_TRUE(decoded) << decoded.error().message;
      EXPECT_EQ(decoded->frame->layout(), PixelLayout::grey);
      EXPECT_LE(luma_difference(*decoded->frame, file), 2);
    }
  }
}

TEST(JpegDecoder, ReadsScansOfOneComponentEach) {
  const auto together = decode(make_jpeg(*picture(61, 47), {.subsampling = {2, 2}}));
  const auto apart = decode(make_jpeg(
      *picture(61, 47), {.subsampling = {2, 2}, .separate_scans = true, .restart_rows = 1}));
  ASSERT_TRUE(together && apart);
  for (const std::size_t plane : {0U, 1U, 2U}) {
    EXPECT_EQ(largest_difference(together->frame->plane(plane), apart->frame->plane(plane)), 0);
  }
}

/// The mean of the pixels that a pixel of a scaled frame covers.
double box_mean(const Plane& plane, std::uint32_t x, std::uint32_t y, std::uint32_t divisor) {
  double sum = 0;
  for (std::uint32_t j = 0; j < divisor; ++j) {
    for (std::uint32_t i = 0; i < divisor; ++i) {
      sum += plane.row(y * divisor + j)[x * divisor + i];
    }
  }
  return sum / (divisor * divisor);
}

TEST(JpegDecoder, ScalesDownWhereASmallerFrameSuffices) {
  const auto file = make_jpeg(*picture(203, 149), {.subsampling = {2, 2}, .quality = 98});
  const auto full = decode(file);
  ASSERT_TRUE(full);
  for (const std::uint32_t divisor : {2U, 4U, 8U}) {
    for (const bool coefficients : {false, true}) {
      // With all coefficients no further than to a quarter.
      if (coefficients && divisor == 8) continue;
      const Size scaled{(203 + divisor - 1) / divisor, (149 + divisor - 1) / divisor};
      const auto picture = decode(file, {.sufficient = scaled, .coefficients = coefficients});
      ASSERT_TRUE(picture);
      EXPECT_EQ(picture->size, (Size{203, 149}));
      ASSERT_EQ(picture->frame->size(), scaled);
      EXPECT_EQ(picture->coefficients != nullptr, coefficients);
      double difference = 0;
      for (std::uint32_t y = 0; y + 1 < scaled.height; ++y) {
        for (std::uint32_t x = 0; x + 1 < scaled.width; ++x) {
          difference += std::abs(box_mean(full->frame->plane(0), x, y, divisor) -
                                 picture->frame->plane(0).row(y)[x]);
        }
      }
      EXPECT_LT(difference / (scaled.width * scaled.height), 3.0) << divisor;
    }
  }
}

/// So that "as the original has it" means the same at every size.
TEST(JpegDecoder, KeepsTheSubsamplingWhereItScalesDown) {
  for (const Subsampling subsampling : subsamplings) {
    const auto file = make_jpeg(*picture(203, 149), {.subsampling = subsampling, .quality = 98});
    const auto full = decode(file);
    ASSERT_TRUE(full);
    for (const std::uint32_t divisor : {2U, 4U, 8U}) {
      for (const bool coefficients : {false, true}) {
        // With all coefficients no further than to a quarter.
        if (coefficients && divisor == 8) continue;
        const Size scaled{(203 + divisor - 1) / divisor, (149 + divisor - 1) / divisor};
        const auto picture = decode(file, {.sufficient = scaled, .coefficients = coefficients});
        ASSERT_TRUE(picture);
        const Frame& frame = *picture->frame;
        ASSERT_EQ(frame.subsampling(), subsampling);
        for (const std::size_t i : {1U, 2U}) {
          const Plane& chroma = frame.plane(i);
          double difference = 0;
          for (std::uint32_t y = 0; y + 1 < chroma.height; ++y) {
            for (std::uint32_t x = 0; x + 1 < chroma.width; ++x) {
              difference +=
                  std::abs(box_mean(full->frame->plane(i), x, y, divisor) - chroma.row(y)[x]);
            }
          }
          EXPECT_LT(difference / (chroma.width * chroma.height), 3.0) << divisor;
        }
      }
    }
  }
}

TEST(JpegDecoder, NeverGoesBelowWhatSuffices) {
  const auto file = make_jpeg(*picture(200, 100));
  EXPECT_EQ(decode(file, {.sufficient = {101, 1}})->frame->size(), (Size{200, 100}));
  EXPECT_EQ(decode(file, {.sufficient = {1, 51}})->frame->size(), (Size{200, 100}));
  EXPECT_EQ(decode(file, {.sufficient = {100, 50}})->frame->size(), (Size{100, 50}));
  EXPECT_EQ(decode(file, {.sufficient = {1, 1}})->frame->size(), (Size{25, 13}));
}

TEST(JpegDecoder, TurnsTheFrameUpright) {
  const auto file = with_exif(make_jpeg(*picture(200, 100)), 6);
  const auto full = decode(file);
  ASSERT_TRUE(full);
  EXPECT_EQ(full->size, (Size{100, 200}));
  EXPECT_EQ(full->frame->size(), (Size{100, 200}));
  EXPECT_EQ(decode(file, {.sufficient = {50, 100}})->frame->size(), (Size{50, 100}));
  EXPECT_EQ(decode(file, {.sufficient = {100, 50}})->frame->size(), (Size{100, 200}));
}

TEST(JpegProbe, TellsTheSubsamplingAndWhatCanBeTranscoded) {
  const auto image = picture(40, 30);
  const auto info = [&](const SampleJpeg& kind) {
    return *probe(make_jpeg(*image, kind), Limits{});
  };
  EXPECT_EQ(info({.subsampling = {2, 2}}).jpeg_subsampling, (Subsampling{2, 2}));
  EXPECT_TRUE(info({.subsampling = {2, 2}}).transcodable);
  EXPECT_TRUE(info({.colour = SampleColour::grey}).transcodable);
  EXPECT_FALSE(info({.colour = SampleColour::rgb}).transcodable);
  EXPECT_FALSE(info({.colour = SampleColour::rgb}).jpeg_subsampling);
  EXPECT_FALSE(info({.colour = SampleColour::ycck}).transcodable);
  EXPECT_FALSE(probe(with_exif(make_jpeg(*image), 3), Limits{})->transcodable);
}

}  // namespace
}  // namespace darkroom::imaging
