#include "imaging/pixels/ycc.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/imaging/pixels/pictures.hpp"
#include "tests/imaging/pixels/similarity.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

constexpr Subsampling all_subsamplings[] = {{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}, {4, 2}, {3, 1}};

TEST(Ycc, HasTheValuesOfJfif) {
  for (int i = 0; i < 4'096; ++i) {
    const auto part = [&](int shift) { return static_cast<std::uint8_t>((i >> shift & 15) * 17); };
    const jobs::Colour colour{part(8), part(4), part(0)};
    const double r = colour.red;
    const double g = colour.green;
    const double b = colour.blue;
    const auto ycc = ycc_of(colour);
    EXPECT_NEAR(ycc[0], 0.299 * r + 0.587 * g + 0.114 * b, 0.515);
    EXPECT_NEAR(ycc[1], std::min(255.0, 128 - 0.168736 * r - 0.331264 * g + 0.5 * b), 0.51);
    EXPECT_NEAR(ycc[2], std::min(255.0, 128 + 0.5 * r - 0.418688 * g - 0.081312 * b), 0.51);
  }
}

TEST(Ycc, ChromaIsTheMeanOfWhatItCovers) {
  for (const Subsampling s : all_subsamplings) {
    for (const Size size : {Size{33, 21}, {32, 20}, {1, 1}, {2, 3}, {67, 5}}) {
      const FramePtr rgb = noise(size, PixelLayout::rgb);
      const FramePtr ycc = to_ycc(*rgb, s);
      ASSERT_EQ(ycc->subsampling(), s);
      for (std::uint32_t j = 0; j < ycc->plane(1).height; ++j) {
        for (std::uint32_t i = 0; i < ycc->plane(1).width; ++i) {
          double sum = 0;
          double count = 0;
          for (std::uint32_t y = j * s.vertical; y < std::min((j + 1U) * s.vertical, size.height);
               ++y) {
            for (std::uint32_t x = i * s.horizontal;
                 x < std::min((i + 1U) * s.horizontal, size.width); ++x) {
              const Plane& p = rgb->plane(0);
              sum +=
                  128 - 0.168736 * at(p, x, y) - 0.331264 * at(p, x, y, 1) + 0.5 * at(p, x, y, 2);
              ++count;
            }
          }
          ASSERT_NEAR(at(ycc->plane(1), i, j), std::min(255.0, sum / count), 0.6);
        }
      }
    }
  }
}

TEST(Ycc, ThereAndBackIsTheSameColour) {
  for (const Subsampling s : all_subsamplings) {
    for (const auto& pixel : {std::vector<std::uint8_t>{250, 10, 60},
                              {0, 0, 0},
                              {255, 255, 255},
                              {1, 128, 254},
                              {77, 77, 77}}) {
      const FramePtr rgb = flat({35, 21}, PixelLayout::rgb, pixel);
      EXPECT_LE(largest_difference(*rgb, *to_rgb(*to_ycc(*rgb, s))), 1);
    }
  }
  const FramePtr noisy = noise({64, 48}, PixelLayout::rgb);
  EXPECT_LE(largest_difference(*noisy, *to_rgb(*to_ycc(*noisy, {1, 1}))), 2);
}

TEST(Ycc, ChromaIsInterpolatedBetweenTheCentresOfItsSamples) {
  // A ramp of Cr: 4 a sample. Pixel x lies at (x + 0.5) / 2 - 0.5 chroma samples.
  std::array<PlaneBuffer, 3> planes{PlaneBuffer::aligned(64, 4), PlaneBuffer::aligned(32, 2),
                                    PlaneBuffer::aligned(32, 2)};
  for (std::uint32_t y = 0; y < 4; ++y) {
    std::fill_n(planes[0].row(y), 64, std::uint8_t{128});
  }
  for (std::uint32_t y = 0; y < 2; ++y) {
    for (std::uint32_t x = 0; x < 32; ++x) {
      planes[1].row(y)[x] = 128;
      planes[2].row(y)[x] = static_cast<std::uint8_t>(66 + 4 * x);
    }
  }
  const FramePtr rgb = to_rgb(Frame({2, 2}, std::move(planes)));
  for (std::uint32_t x = 1; x < 63; ++x) {
    const double cr = 66 + 4 * ((x + 0.5) / 2 - 0.5);
    EXPECT_NEAR(at(rgb->plane(0), x, 1), 128 + 1.402 * (cr - 128), 0.51) << x;
  }
}

TEST(Ycc, GreyBecomesColourlessAndRgbOfEqualParts) {
  const FramePtr grey = noise({31, 17}, PixelLayout::grey);
  const FramePtr ycc = to_ycc(*grey, {2, 2});
  EXPECT_EQ(largest_difference(grey->plane(0), ycc->plane(0)), 0);
  const FramePtr rgb = to_rgb(*grey);
  EXPECT_TRUE(same(*rgb, *to_rgb(*ycc)));
  const FramePtr rgba = to_rgb(*noise({5, 5}, PixelLayout::grey_alpha));
  EXPECT_EQ(rgba->layout(), PixelLayout::rgba);
}

TEST(Ycc, ChangesItsSubsampling) {
  for (const Subsampling from : all_subsamplings) {
    for (const Subsampling to : all_subsamplings) {
      const FramePtr plain = flat({35, 21}, PixelLayout::ycc, {1, 99, 200}, from);
      EXPECT_TRUE(
          same(*with_subsampling(*plain, to), *flat({35, 21}, PixelLayout::ycc, {1, 99, 200}, to)));
    }
  }
  const FramePtr rgb = noise({64, 48}, PixelLayout::rgb);
  EXPECT_LE(
      largest_difference(*with_subsampling(*to_ycc(*rgb, {1, 1}), {2, 2}), *to_ycc(*rgb, {2, 2})),
      1);
}

TEST(Ycc, StretchesTheRangeOfVideo) {
  auto luma = PlaneBuffer::aligned(256, 1);
  auto cb = PlaneBuffer::aligned(256, 1);
  auto cr = PlaneBuffer::aligned(256, 1);
  for (std::uint32_t i = 0; i < 256; ++i) {
    luma.row(0)[i] = cb.row(0)[i] = cr.row(0)[i] = static_cast<std::uint8_t>(i);
  }
  expand_range(luma, cb, cr);
  for (int i = 0; i < 256; ++i) {
    const double wanted_luma = std::clamp((i - 16) * 255.0 / 219, 0.0, 255.0);
    const double wanted_chroma = std::clamp((i - 128) * 255.0 / 224 + 128, 0.0, 255.0);
    EXPECT_NEAR(luma.row(0)[i], wanted_luma, 0.51);
    EXPECT_NEAR(cb.row(0)[i], wanted_chroma, 0.51);
    EXPECT_EQ(cb.row(0)[i], cr.row(0)[i]);
  }
}

}  // namespace
}  // namespace darkroom::imaging
