#include "imaging/pixels/row_passes.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/pixels/resample.hpp"
#include "tests/imaging/pixels/pictures.hpp"
#include "tests/imaging/pixels/similarity.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

class EveryLayout : public ::testing::TestWithParam<PixelLayout> {
 protected:
  void SetUp() override {
    if (avx2_passes() == nullptr) GTEST_SKIP() << "this CPU has no AVX2";
  }
};

TEST_P(EveryLayout, IsTheSameBytesOnEveryCpu) {
  std::mt19937 random(7);
  const auto side = [&](std::uint32_t most) {
    return 1 + static_cast<std::uint32_t>(random()) % most;
  };
  for (std::uint32_t round = 0; round < 120; ++round) {
    const Size from{side(300), side(90)};
    const Size to{side(200), side(60)};
    const FramePtr source = noise(from, GetParam(), round);
    const Region region{static_cast<double>(random() % 5) - 2.25,
                        static_cast<double>(random() % 5) - 1.5, from.width * 0.7 + 1,
                        from.height * 0.9 + 1};
    const ResampleOptions options{.linear_light = round % 5 == 0};
    EXPECT_TRUE(same(*resample(*source, region, to, options, portable_passes()),
                     *resample(*source, region, to, options, *avx2_passes())))
        << from.width << "x" << from.height << " to " << to.width << "x" << to.height;
  }
}

INSTANTIATE_TEST_SUITE_P(RowPasses, EveryLayout,
                         ::testing::Values(PixelLayout::grey, PixelLayout::grey_alpha,
                                           PixelLayout::rgb, PixelLayout::rgba, PixelLayout::ycc));

TEST(RowPasses, SplitAndJoinAreTheSameBytesOnEveryCpu) {
  if (avx2_passes() == nullptr) GTEST_SKIP() << "this CPU has no AVX2";
  for (std::uint32_t pixels = 1; pixels < 70; ++pixels) {
    const FramePtr row = noise({pixels, 1}, PixelLayout::rgb, pixels);
    for (const RowPasses* passes : {&portable_passes(), avx2_passes()}) {
      std::vector<std::uint8_t> split(3 * pixels);
      std::uint8_t* const first = split.data();
      passes->split_bytes(row->samples().data(), pixels,
                          {first, first + pixels, first + 2 * pixels});
      ASSERT_EQ(split[pixels - 1], row->samples()[3 * pixels - 3]);
      ASSERT_EQ(split.back(), row->samples().back());
      std::vector<std::uint8_t> joined(3 * pixels);
      passes->join_bytes({first, first + pixels, first + 2 * pixels}, pixels, joined.data());
      ASSERT_TRUE(std::equal(joined.begin(), joined.end(), row->samples().begin()));
    }
  }
}

}  // namespace
}  // namespace darkroom::imaging
