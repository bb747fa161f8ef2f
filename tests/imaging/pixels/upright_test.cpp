#include <cmath>

#include <gtest/gtest.h>

#include "imaging/pixels/copy.hpp"
#include "imaging/pixels/orientation.hpp"
#include "imaging/pixels/resample.hpp"
#include "imaging/pixels/ycc.hpp"
#include "tests/imaging/pixels/pictures.hpp"
#include "tests/imaging/pixels/similarity.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

/// Pixel by pixel, as the table of EXIF 2.3 has it.
PlaneBuffer turned(const Plane& stored, int orientation) {
  const bool transposed = orientation >= 5;
  const std::uint32_t width = transposed ? stored.height : stored.width;
  const std::uint32_t height = transposed ? stored.width : stored.height;
  auto upright = PlaneBuffer::tight(width, height, stored.channels);
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      std::uint32_t row = transposed ? x : y;
      std::uint32_t column = transposed ? y : x;
      const bool bottom_first =
          orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
      const bool right_first =
          orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
      if (bottom_first) row = stored.height - 1 - row;
      if (right_first) column = stored.width - 1 - column;
      for (std::uint32_t c = 0; c < stored.channels; ++c) {
        upright.row(y)[x * stored.channels + c] =
            static_cast<std::uint8_t>(at(stored, column, row, c));
      }
    }
  }
  return upright;
}

class Upright : public ::testing::TestWithParam<int> {
 protected:
  [[nodiscard]] static FramePtr upright(const FramePtr& stored) {
    return make_upright(stored, static_cast<Orientation>(GetParam()));
  }
};

TEST_P(Upright, InterleavedPixelsAreTurned) {
  for (const auto layout :
       {PixelLayout::grey, PixelLayout::grey_alpha, PixelLayout::rgb, PixelLayout::rgba}) {
    for (const Size size :
         {Size{1, 1}, {1, 70}, {70, 1}, {15, 17}, {16, 16}, {64, 80}, {151, 67}, {130, 129}}) {
      const FramePtr stored = noise(size, layout);
      const FramePtr result = upright(stored);
      ASSERT_EQ(result->layout(), layout);
      const PlaneBuffer wanted = turned(stored->plane(0), GetParam());
      ASSERT_EQ(result->size(), (Size{wanted.width(), wanted.height()}));
      EXPECT_EQ(largest_difference(wanted.view(), result->plane(0)), 0);
    }
  }
}

TEST_P(Upright, PlanesAreTurnedByteForByteWhereTheGridAllows) {
  for (const Subsampling s : {Subsampling{2, 2}, {2, 1}, {1, 2}, {4, 1}, {1, 1}}) {
    const FramePtr stored = noise({72, 56}, PixelLayout::ycc, 3, s);
    const FramePtr result = upright(stored);
    const Subsampling swapped{s.vertical, s.horizontal};
    EXPECT_EQ(result->subsampling(), GetParam() >= 5 ? swapped : s);
    for (const std::size_t i : {0U, 1U, 2U}) {
      EXPECT_EQ(largest_difference(turned(stored->plane(i), GetParam()).view(), result->plane(i)),
                0);
    }
  }
}

TEST_P(Upright, ChromaStaysUnderItsLumaAtOddSizes) {
  // A slanted ramp is known between its samples. Chroma sample i of the upright picture must have
  // the value of the picture's place (i + 1/2) x 2.
  for (const Size size : {Size{71, 53}, {70, 53}, {71, 52}}) {
    const Size chroma = chroma_size(size, {2, 2});
    auto planes = planes_for(PixelLayout::ycc, size, {2, 2});
    const auto value = [](double x, double y) { return 40 + 1.5 * x + 1.1 * y; };
    for (std::uint32_t y = 0; y < size.height; ++y) {
      for (std::uint32_t x = 0; x < size.width; ++x) {
        planes[0].row(y)[x] = static_cast<std::uint8_t>(std::lround(value(x + 0.5, y + 0.5)));
      }
    }
    for (std::uint32_t y = 0; y < chroma.height; ++y) {
      for (std::uint32_t x = 0; x < chroma.width; ++x) {
        planes[1].row(y)[x] = planes[2].row(y)[x] =
            static_cast<std::uint8_t>(std::lround(value(2 * x + 1, 2 * y + 1)));
      }
    }
    const FramePtr result = upright(frame_of(PixelLayout::ycc, {2, 2}, std::move(planes)));
    const Plane& luma = result->plane(0);
    for (std::uint32_t y = 3; y + 3 < result->plane(1).height; ++y) {
      for (std::uint32_t x = 3; x + 3 < result->plane(1).width; ++x) {
        const double wanted = (at(luma, 2 * x, 2 * y) + at(luma, 2 * x + 1, 2 * y) +
                               at(luma, 2 * x, 2 * y + 1) + at(luma, 2 * x + 1, 2 * y + 1)) /
                              4.0;
        ASSERT_NEAR(at(result->plane(1), x, y), wanted, 1.1) << x << "," << y;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Exif, Upright, ::testing::Range(1, 9));

TEST(UprightAsItIs, IsTheSameFrame) {
  const FramePtr stored = noise({5, 5}, PixelLayout::ycc);
  EXPECT_EQ(make_upright(stored, Orientation::normal), stored);
}

}  // namespace
}  // namespace darkroom::imaging
