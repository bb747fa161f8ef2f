
#include <array>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "imaging/pixels/resample.hpp"
#include "imaging/pixels/ycc.hpp"
#include "tests/imaging/pixels/pictures.hpp"
#include "tests/imaging/pixels/reference_resample.hpp"
#include "tests/imaging/pixels/similarity.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

constexpr PixelLayout all_layouts[] = {PixelLayout::grey, PixelLayout::grey_alpha, PixelLayout::rgb,
                                       PixelLayout::rgba, PixelLayout::ycc};

void expect_like_reference(const Frame& source, const Region& region, Size size) {
  const FramePtr result = resample(source, region, size);
  const PlaneBuffer wanted = reference_resample(source.plane(0), region, size);
  EXPECT_GE(ssim(wanted.view(), result->plane(0)), 0.9995);
  EXPECT_LE(largest_difference(wanted.view(), result->plane(0)), 1);
  EXPECT_LE(std::abs(mean_shift(wanted.view(), result->plane(0))), 0.01);
}

TEST(ResamplePixels, IsLanczos3AsInDoublePrecision) {
  const FramePtr grey = photo({400, 300}, PixelLayout::grey);
  const FramePtr rgb = photo({400, 300}, PixelLayout::rgb);
  for (const Size size : {Size{150, 113}, {399, 299}, {40, 30}, {7, 200}, {520, 333}, {1, 1}}) {
    SCOPED_TRACE(std::to_string(size.width) + "x" + std::to_string(size.height));
    expect_like_reference(*grey, whole(grey->size()), size);
    expect_like_reference(*rgb, whole(rgb->size()), size);
  }
}

TEST(ResamplePixels, TakesAnyRegion) {
  const FramePtr grey = photo({400, 300}, PixelLayout::grey);
  expect_like_reference(*grey, {10.25, 20.5, 99.5, 77.75}, {50, 39});
  expect_like_reference(*grey, {-3.5, -2, 406, 303.5}, {203, 152});
  expect_like_reference(*grey, {0.5, 0, 399, 300}, {399, 300});
  expect_like_reference(*grey, {0, 0.5, 400, 299}, {400, 299});
  expect_like_reference(*grey, {300, 200, 3, 2}, {90, 80});
}

TEST(ResamplePixels, HardEdgesAreLikeTheReferenceToo) {
  const FramePtr edges = noise({200, 200}, PixelLayout::grey);
  expect_like_reference(*edges, whole(edges->size()), {77, 78});
}

TEST(ResamplePixels, KeepsAPlainColourExactly) {
  for (const auto layout : all_layouts) {
    const FramePtr source = flat({101, 67}, layout, {3, 254, 77, 255});
    for (const Size size : {Size{33, 7}, {100, 66}, {1, 1}, {303, 201}}) {
      if (has_alpha(layout)) continue;
      EXPECT_TRUE(same(*resample(*source, whole(source->size()), size),
                       *flat(size, layout, {3, 254, 77, 255})));
    }
  }
}

TEST(ResamplePixels, TheWholeAtItsOwnSizeIsACopy) {
  for (const auto layout : all_layouts) {
    const FramePtr source = noise({63, 41}, layout);
    EXPECT_TRUE(same(*resample(*source, whole(source->size()), source->size()), *source));
  }
}

/// Where a soft bright spot lies, to a fraction of a pixel.
struct Point {
  double x;
  double y;
};

PlaneBuffer spot(std::uint32_t width, std::uint32_t height, Point centre, double radius) {
  auto plane = PlaneBuffer::tight(width, height, 1);
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const double distance = std::hypot(x + 0.5 - centre.x, y + 0.5 - centre.y) / radius;
      plane.row(y)[x] =
          static_cast<std::uint8_t>(std::lround(220 * std::exp(-distance * distance)));
    }
  }
  return plane;
}

Point centroid(const Plane& plane) {
  double sum = 0;
  Point moment{0, 0};
  for (std::uint32_t y = 0; y < plane.height; ++y) {
    for (std::uint32_t x = 0; x < plane.width; ++x) {
      sum += at(plane, x, y);
      moment.x += at(plane, x, y) * (x + 0.5);
      moment.y += at(plane, x, y) * (y + 0.5);
    }
  }
  return {moment.x / sum, moment.y / sum};
}

TEST(ResamplePixels, NothingMovesByAFractionOfAPixel) {
  const Point centre{123.4, 77.8};
  const Frame source(PixelLayout::grey, spot(240, 160, centre, 20));
  for (const Size size : {Size{90, 60}, {239, 159}, {480, 320}, {60, 120}}) {
    const FramePtr result = resample(source, whole(source.size()), size);
    const Point found = centroid(result->plane(0));
    EXPECT_NEAR(found.x * 240 / size.width, centre.x, 0.05);
    EXPECT_NEAR(found.y * 160 / size.height, centre.y, 0.05);
  }
}

TEST(ResamplePixels, ChromaStaysUnderItsLuma) {
  // Odd sizes: the last chroma samples reach past the picture. The spot's coordinates in a chroma
  // plane are those of the picture divided by the subsampling.
  const Point centre{101.3, 83.6};
  const Size size{241, 161};
  for (const Subsampling s : {Subsampling{2, 2}, {2, 1}, {1, 2}, {4, 1}, {1, 1}}) {
    const Size chroma = chroma_size(size, s);
    const Point in_chroma{centre.x / s.horizontal, centre.y / s.vertical};
    auto planes = std::array{spot(size.width, size.height, centre, 20),
                             spot(chroma.width, chroma.height, in_chroma, 10),
                             spot(chroma.width, chroma.height, in_chroma, 10)};
    const Frame source(s, std::move(planes));
    for (const Subsampling target : {Subsampling{2, 2}, {1, 1}, {2, 1}}) {
      const Size small{97, 65};
      const FramePtr result = resample(source, whole(size), small, {.subsampling = target});
      ASSERT_EQ(result->subsampling(), target);
      const Point luma = centroid(result->plane(0));
      const Point found = centroid(result->plane(1));
      EXPECT_NEAR(luma.x, centre.x * small.width / size.width, 0.03);
      EXPECT_NEAR(found.x * target.horizontal, luma.x, 0.05);
      EXPECT_NEAR(found.y * target.vertical, luma.y, 0.05);
    }
  }
}

TEST(ResamplePixels, ASmoothRampStaysMonotonic) {
  auto plane = PlaneBuffer::tight(2560, 32, 1);
  for (std::uint32_t y = 0; y < 32; ++y) {
    for (std::uint32_t x = 0; x < 2560; ++x) {
      plane.row(y)[x] = static_cast<std::uint8_t>(x / 10);
    }
  }
  const Frame ramp(PixelLayout::grey, std::move(plane));
  for (const bool linear_light : {false, true}) {
    const FramePtr small =
        resample(ramp, whole(ramp.size()), {1000, 13}, {.linear_light = linear_light});
    for (std::uint32_t x = 1; x < 1000; ++x) {
      const int step = at(small->plane(0), x, 6) - at(small->plane(0), x - 1, 6);
      ASSERT_TRUE(step == 0 || step == 1) << "at " << x << (linear_light ? " (linear)" : "");
    }
  }
}

TEST(ResamplePixels, ExtremeShapesWork) {
  EXPECT_TRUE(
      same(*resample(*flat({65'535, 1}, PixelLayout::rgb, {5, 6, 7}), whole({65'535, 1}), {300, 1}),
           *flat({300, 1}, PixelLayout::rgb, {5, 6, 7})));
  EXPECT_TRUE(
      same(*resample(*flat({1, 65'535}, PixelLayout::ycc, {5, 6, 7}), whole({1, 65'535}), {1, 1}),
           *flat({1, 1}, PixelLayout::ycc, {5, 6, 7})));
  EXPECT_TRUE(same(
      *resample(*flat({1, 65'535}, PixelLayout::rgba, {5, 6, 7, 255}), whole({1, 65'535}), {2, 3}),
      *flat({2, 3}, PixelLayout::rgba, {5, 6, 7, 255})));
  EXPECT_TRUE(same(*resample(*flat({1, 1}, PixelLayout::grey, {9}), whole({1, 1}), {500, 3}),
                   *flat({500, 3}, PixelLayout::grey, {9})));
}

TEST(ResamplePixels, LinearLightMixesLight) {
  // A fine pattern of black and white is half the light, which sRGB writes as 188.
  auto plane = PlaneBuffer::tight(256, 256, 1);
  for (std::uint32_t y = 0; y < 256; ++y) {
    for (std::uint32_t x = 0; x < 256; ++x) {
      plane.row(y)[x] = (x + y) % 2 == 0 ? 255 : 0;
    }
  }
  const Frame pattern(PixelLayout::grey, std::move(plane));
  EXPECT_NEAR(at(resample(pattern, whole({256, 256}), {16, 16})->plane(0), 8, 8), 128, 1);
  const FramePtr lit = resample(pattern, whole({256, 256}), {16, 16}, {.linear_light = true});
  EXPECT_NEAR(at(lit->plane(0), 8, 8), 188, 1);
  const FramePtr ycc = to_ycc(pattern, {2, 2});
  const FramePtr lit_ycc = resample(*ycc, whole({256, 256}), {16, 16}, {.linear_light = true});
  EXPECT_EQ(lit_ycc->layout(), PixelLayout::ycc);
  EXPECT_NEAR(at(lit_ycc->plane(0), 8, 8), 188, 1);
}

TEST(ResamplePixels, LinearLightKeepsEveryPlainColour) {
  for (int value = 0; value < 256; ++value) {
    const auto sample = static_cast<std::uint8_t>(value);
    const FramePtr source = flat({20, 20}, PixelLayout::grey, {sample});
    const FramePtr result = resample(*source, whole({20, 20}), {7, 7}, {.linear_light = true});
    EXPECT_TRUE(same(*result, *flat({7, 7}, PixelLayout::grey, {sample}))) << value;
  }
}

}  // namespace
}  // namespace darkroom::imaging
