#include <cmath>

#include <gtest/gtest.h>

#include "imaging/pixels/resample.hpp"
#include "tests/imaging/pixels/pictures.hpp"
#include "tests/imaging/pixels/reference_resample.hpp"
#include "tests/imaging/pixels/similarity.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

/// A red disc on transparent black, as a logo's file has it.
FramePtr disc(bool grey) {
  auto samples = PlaneBuffer::tight(200, 160, grey ? 2 : 4);
  for (std::uint32_t y = 0; y < 160; ++y) {
    for (std::uint32_t x = 0; x < 200; ++x) {
      const auto on = static_cast<std::uint8_t>(std::hypot(x - 90.0, y - 70.0) < 50 ? 255 : 0);
      if (grey) {
        samples.row(y)[2 * x] = on;
        samples.row(y)[2 * x + 1] = on;
        continue;
      }
      std::uint8_t* pixel = samples.row(y) + std::size_t{x} * 4;
      pixel[0] = on;
      pixel[1] = static_cast<std::uint8_t>(on / 5);
      pixel[2] = 0;
      pixel[3] = on;
    }
  }
  return std::make_shared<const Frame>(grey ? PixelLayout::grey_alpha : PixelLayout::rgba,
                                       std::move(samples));
}

TEST(ResampleAlpha, EdgesKeepTheirColour) {
  for (const bool grey : {false, true}) {
    for (const bool linear_light : {false, true}) {
      for (const Size size : {Size{61, 47}, {199, 159}, {301, 257}}) {
        const FramePtr result =
            resample(*disc(grey), whole({200, 160}), size, {.linear_light = linear_light});
        const Plane& plane = result->plane(0);
        std::size_t partly = 0;
        for (std::uint32_t y = 0; y < size.height; ++y) {
          for (std::uint32_t x = 0; x < size.width; ++x) {
            const int alpha = at(plane, x, y, plane.channels - 1);
            if (alpha == 0) {
              EXPECT_EQ(at(plane, x, y), 0);
              continue;
            }
            partly += alpha < 255 ? 1U : 0U;
            ASSERT_GE(at(plane, x, y), alpha < 8 ? 235 : 253) << x << "," << y << " a " << alpha;
          }
        }
        EXPECT_GT(partly, 50U);
      }
    }
  }
}

TEST(ResampleAlpha, AlphaItselfIsLanczos3) {
  const FramePtr source = photo({160, 120}, PixelLayout::rgba);
  auto alpha = PlaneBuffer::tight(160, 120, 1);
  for (std::uint32_t y = 0; y < 120; ++y) {
    for (std::uint32_t x = 0; x < 160; ++x) {
      alpha.row(y)[x] = static_cast<std::uint8_t>(at(source->plane(0), x, y, 3));
    }
  }
  const Region region{3.5, 4, 150, 110.5};
  const FramePtr result = resample(*source, region, {57, 43});
  const PlaneBuffer wanted = reference_resample(alpha.view(), region, {57, 43});
  for (std::uint32_t y = 0; y < 43; ++y) {
    for (std::uint32_t x = 0; x < 57; ++x) {
      EXPECT_NEAR(at(result->plane(0), x, y, 3), at(wanted.view(), x, y), 1);
    }
  }
}

TEST(ResampleAlpha, OpaquePicturesAreAsWithoutAlpha) {
  const FramePtr rgb = photo({160, 120}, PixelLayout::rgb);
  auto samples = PlaneBuffer::tight(160, 120, 4);
  for (std::uint32_t i = 0; i < 160 * 120; ++i) {
    for (std::uint32_t c = 0; c < 4; ++c) {
      samples.row(0)[4 * i + c] = c < 3 ? rgb->samples()[3 * i + c] : std::uint8_t{255};
    }
  }
  const Frame opaque(PixelLayout::rgba, std::move(samples));
  const FramePtr plain = resample(*rgb, whole({160, 120}), {61, 47});
  const FramePtr result = resample(opaque, whole({160, 120}), {61, 47});
  for (std::uint32_t i = 0; i < 61 * 47; ++i) {
    ASSERT_EQ(result->samples()[4 * i + 3], 255);
    for (std::uint32_t c = 0; c < 3; ++c) {
      ASSERT_NEAR(result->samples()[4 * i + c], plain->samples()[3 * i + c], 1);
    }
  }
}

TEST(ResampleAlpha, EveryOpacityKeepsAPlainColour) {
  for (int alpha = 1; alpha < 256; ++alpha) {
    const FramePtr source =
        flat({30, 20}, PixelLayout::rgba, {200, 100, 0, static_cast<std::uint8_t>(alpha)});
    const FramePtr result = resample(*source, whole({30, 20}), {11, 9});
    const int tolerance = alpha < 4 ? 1 : 0;
    EXPECT_NEAR(result->samples()[0], 200, tolerance) << alpha;
    EXPECT_NEAR(result->samples()[1], 100, tolerance) << alpha;
    EXPECT_EQ(result->samples()[3], alpha);
  }
}

}  // namespace
}  // namespace darkroom::imaging
