#include "imaging/jpeg/jpeg_transcoder.hpp"

#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/jpeg/jpeg_encoder.hpp"
#include "imaging/jpeg/requantize.hpp"
#include "tests/imaging/jpeg/jpeg_samples.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

Picture with_coefficients(const EncodedImage& file) {
  auto decoded = decode(file, {.coefficients = true});
  EXPECT_TRUE(decoded) << decoded.error().message;
  EXPECT_TRUE(decoded->coefficients);
  return std::move(*decoded);
}

TEST(JpegTranscoder, LosesNoMoreThanDecodingAndEncoding) {
  for (const SampleJpeg& kind :
       {SampleJpeg{.subsampling = {2, 2}}, SampleJpeg{.subsampling = {2, 2}, .progressive = true},
        SampleJpeg{.subsampling = {2, 2}, .separate_scans = true}}) {
    const auto source = with_coefficients(make_jpeg(*picture(213, 147), kind));
    for (const int quality : {30, 60, 80}) {
      const auto transcoded = transcode_jpeg(*source.coefficients, {.quality = quality});
      ASSERT_TRUE(transcoded) << transcoded.error().message;
      const auto encoded = encode_jpeg(*source.frame, {.quality = quality});
      for (const std::size_t plane : {0U, 1U, 2U}) {
        const Plane& original = source.frame->plane(plane);
        const double by_coefficients = psnr(original, decode(*transcoded)->frame->plane(plane));
        const double by_pixels = psnr(original, decode(*encoded)->frame->plane(plane));
        EXPECT_GT(by_coefficients, by_pixels - 0.3) << quality << " plane " << plane;
      }
      EXPECT_LT(static_cast<double>(transcoded->size()),
                1.1 * static_cast<double>(encoded->size()));
    }
  }
}

TEST(JpegTranscoder, KeepsEveryKindOfSampling) {
  for (const Subsampling subsampling : {Subsampling{1, 1}, Subsampling{2, 1}, Subsampling{2, 2},
                                        Subsampling{1, 2}, Subsampling{4, 1}, Subsampling{4, 2}}) {
    for (const Size size : {Size{1, 1}, Size{17, 33}, Size{61, 47}}) {
      const auto source = with_coefficients(
          make_jpeg(*picture(size.width, size.height), {.subsampling = subsampling}));
      const auto file = transcode_jpeg(*source.coefficients, {.quality = 100});
      ASSERT_TRUE(file) << file.error().message;
      const auto again = decode(*file);
      ASSERT_EQ(again->frame->subsampling(), subsampling);
      for (const std::size_t plane : {0U, 1U, 2U}) {
        EXPECT_EQ(largest_difference(again->frame->plane(plane), source.frame->plane(plane)), 0);
      }
    }
  }
}

TEST(JpegTranscoder, ChangesNothingWhereTheOriginalIsCoarser) {
  const auto file = make_jpeg(*picture(213, 147), {.subsampling = {2, 2}, .quality = 50});
  const auto source = with_coefficients(file);
  for (const bool progressive : {false, true}) {
    const auto finer = transcode_jpeg(
        *source.coefficients,
        {.quality = 95, .progressive = progressive, .subsampling = jobs::ChromaSubsampling::s420});
    ASSERT_TRUE(finer);
    EXPECT_LE(finer->size(), file.size() + 20);
    EXPECT_EQ(largest_difference(decode(*finer)->frame->plane(0), source.frame->plane(0)), 0);
  }
}

TEST(JpegTranscoder, GivesTheSamePixelsInProgressiveFiles) {
  const auto source = with_coefficients(make_jpeg(*picture(213, 147), {.subsampling = {2, 2}}));
  const auto sequential = transcode_jpeg(*source.coefficients, {.quality = 60});
  const auto progressive =
      transcode_jpeg(*source.coefficients, {.quality = 60, .progressive = true});
  for (const std::size_t plane : {0U, 1U, 2U}) {
    EXPECT_EQ(largest_difference(decode(*sequential)->frame->plane(plane),
                                 decode(*progressive)->frame->plane(plane)),
              0);
  }
}

TEST(JpegTranscoder, TranscodesGrey) {
  const auto source = with_coefficients(
      make_jpeg(*picture(61, 47), {.subsampling = {2, 2}, .colour = SampleColour::grey}));
  const auto file = transcode_jpeg(*source.coefficients, {.quality = 70, .copyright = "Anna"});
  ASSERT_TRUE(file) << file.error().message;
  const auto again = decode(*file);
  EXPECT_EQ(again->frame->layout(), PixelLayout::grey);
  EXPECT_EQ(again->copyright, "Anna");
  EXPECT_GT(psnr(again->frame->plane(0), source.frame->plane(0)), 30);
}

TEST(JpegTranscoder, TellsWhereTheSubsamplingWouldChange) {
  const auto source = with_coefficients(make_jpeg(*picture(40, 30), {.subsampling = {1, 1}}));
  EXPECT_FALSE(can_transcode(*source.coefficients, {.quality = 60}));
  EXPECT_TRUE(can_transcode(*source.coefficients, {.quality = 95}));
  EXPECT_FALSE(transcode_jpeg(*source.coefficients, {.quality = 60}));
}

TEST(JpegTranscoder, IsUsedByManyThreadsAtOnce) {
  const auto source = with_coefficients(make_jpeg(*picture(213, 147), {.subsampling = {2, 2}}));
  const auto expected = transcode_jpeg(*source.coefficients, {.quality = 60});
  std::array<EncodedImage, 4> files;
  {
    std::vector<std::jthread> threads;
    for (auto& file : files) {
      threads.emplace_back(
          [&] { file = transcode_jpeg(*source.coefficients, {.quality = 60}).value(); });
    }
  }
  for (const auto& file : files)
    EXPECT_EQ(file, *expected);
}

TEST(Requantize, RoundsToNearestAndBoundsWhatNoJpegHas) {
  std::array<std::uint16_t, 64> from{};
  std::array<std::uint16_t, 64> to{};
  std::mt19937 random(7);
  for (std::size_t i = 0; i < 64; ++i) {
    from.at(i) = static_cast<std::uint16_t>(1 + random() % 60);
    to.at(i) = static_cast<std::uint16_t>(from.at(i) + random() % 100);
  }
  const auto factors = requantization_factors(from, to);
  std::array<std::int16_t, 64> block{};
  std::array<std::int16_t, 64> result{};
  for (int value = -1023; value <= 1023; ++value) {
    block.fill(static_cast<std::int16_t>(value));
    requantize(block.data(), result.data(), 1, factors);
    for (std::size_t i = 0; i < 64; ++i) {
      const double exact = static_cast<double>(value) * from.at(i) / to.at(i);
      EXPECT_LE(std::abs(exact - result.at(i)), 0.54);
    }
  }
  block.fill(-32'768);
  requantize(block.data(), result.data(), 1, requantization_factors(from, from));
  EXPECT_EQ(result[0], -1024);
  EXPECT_EQ(result[1], -1023);
}

}  // namespace
}  // namespace darkroom::imaging
