#include "imaging/operations.hpp"

#include <gtest/gtest.h>

#include "imaging/geometry.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {

void PrintTo(const Size& size, std::ostream* out) {
  *out << size.width << "x" << size.height;
}

namespace {

using namespace testing;

struct FitCase {
  Size source;
  Size box;
  Size expected;
};

void PrintTo(const FitCase& fit, std::ostream* out) {
  PrintTo(fit.source, out);
  PrintTo(fit.box, &(*out << " inside "));
}

class FitInside : public ::testing::TestWithParam<FitCase> {};

TEST_P(FitInside, GivesTheLargestSizeOfTheSameShape) {
  EXPECT_EQ(fit_inside(GetParam().source, GetParam().box), GetParam().expected);
}

constexpr std::uint32_t most = 0xFFFF'FFFF;

INSTANTIATE_TEST_SUITE_P(
    Table, FitInside,
    ::testing::Values(FitCase{{2725, 2225}, {1024, 1024}, {1024, 836}},
                      FitCase{{2725, 2225}, {300, 300}, {300, 245}},
                      FitCase{{2225, 2725}, {1024, 1024}, {836, 1024}},
                      FitCase{{2725, 2225}, {0, 0}, {2725, 2225}},
                      FitCase{{2725, 2225}, {1000, 0}, {1000, 817}},
                      FitCase{{2725, 2225}, {0, 1000}, {1225, 1000}},
                      FitCase{{100, 50}, {1024, 1024}, {100, 50}},    // Never enlarged.
                      FitCase{{100, 50}, {100, 50}, {100, 50}},       //
                      FitCase{{100, 50}, {200, 25}, {50, 25}},        //
                      FitCase{{1000, 1000}, {300, 200}, {200, 200}},  //
                      FitCase{{3, 2}, {2, 2}, {2, 1}},                // 1.33
                      FitCase{{4, 2}, {3, 3}, {3, 2}},                // 1.5, halves upwards
                      FitCase{{65'535, 1}, {300, 300}, {300, 1}},     // Never 0.
                      FitCase{{1, 65'535}, {300, 300}, {1, 300}},     //
                      FitCase{{5000, 1}, {1, 1}, {1, 1}},             //
                      FitCase{{most, most}, {most - 1, most}, {most - 1, most - 1}},
                      FitCase{{most, 1}, {1, most}, {1, 1}},
                      FitCase{{most, most / 2}, {65'536, 0}, {65'536, 32'768}}));

jobs::RenditionSpec rendition(jobs::Operation operation, Size box) {
  jobs::RenditionSpec spec;
  spec.operation = operation;
  spec.width = box.width;
  spec.height = box.height;
  return spec;
}

Source of(const FramePtr& frame) {
  return {.picture = std::make_shared<const Picture>(picture_of(frame)), .watermark = {}};
}

TEST(Operations, ResizeFitsInsideTheBoxAndEncodes) {
  const FramePtr source = quadrants(120, 60);
  const auto rendered =
      resize(stb_backend(), of(source), rendition(jobs::Operation::resize, {40, 40}));
  ASSERT_TRUE(rendered) << rendered.error().message;
  EXPECT_EQ(rendered->size, (Size{40, 20}));
  const auto info = probe(rendered->file, Limits{});
  ASSERT_TRUE(info);
  EXPECT_EQ(info->format, InputFormat::jpeg);
  EXPECT_EQ(info->width, 40U);
}

TEST(Operations, CompressKeepsTheSizeAndSharesTheFrame) {
  const FramePtr source = quadrants(120, 60);
  const auto rendered =
      compress(stb_backend(), of(source), rendition(jobs::Operation::compress, {0, 0}));
  ASSERT_TRUE(rendered);
  EXPECT_EQ(rendered->picture->frame, source);
}

TEST(Operations, ThumbnailWritesPngWhereAsked) {
  auto spec = rendition(jobs::Operation::thumbnail, {30, 30});
  spec.format = jobs::OutputFormat::png;
  const auto rendered = thumbnail(stb_backend(), of(quadrants(120, 60)), spec);
  ASSERT_TRUE(rendered);
  const auto frame = stb_decoded(rendered->file, Limits{});
  ASSERT_TRUE(frame);
  EXPECT_EQ(colour_at(**frame, 3, 3), red);
  EXPECT_EQ(colour_at(**frame, 26, 11), yellow);
}

TEST(Operations, RenderDoesWhatTheSpecNames) {
  const FramePtr source = picture(120, 60);
  const auto spec = rendition(jobs::Operation::thumbnail, {30, 0});
  EXPECT_EQ(render(stb_backend(), of(source), spec)->file,
            thumbnail(stb_backend(), of(source), spec)->file);
}

}  // namespace
}  // namespace darkroom::imaging
