#include <gtest/gtest.h>

#include "imaging/pipeline.hpp"
#include "tests/imaging/hostile/every_kind.hpp"
#include "tests/imaging/sample_files.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

/// A smaller rendition, and one that a JPEG's coefficients are enough for.
const std::vector<jobs::RenditionSpec> renditions{
    {.name = "small", .width = 5, .height = 5},
    {.name = "same", .operation = jobs::Operation::compress, .quality = 50}};

tl::expected<PipelineResult, Error> run(std::span<const std::byte> file) {
  return run_pipeline(fast_backend(), file, Limits{}, renditions);
}

TEST(CutFile, EveryKindIsTakenWhole) {
  for (const Sample& sample : every_kind()) {
    const auto result = run(sample.file);
    ASSERT_TRUE(result) << sample.name << ": " << result.error().message;
    for (const auto& rendition : result->renditions)
      EXPECT_TRUE(rendition) << sample.name << ": " << rendition.error().message;
  }
}

TEST(CutFile, EveryKindIsCorruptWhereItsSecondHalfIsMissing) {
  for (const Sample& sample : every_kind()) {
    if (sample.name == "gif-animation") continue;  // Its first frame is whole.
    const auto result = run(std::span(sample.file).first(sample.file.size() / 2));
    ASSERT_FALSE(result) << sample.name;
    EXPECT_EQ(result.error().code, ErrorCode::corrupt) << sample.name;
  }
}

TEST(CutFile, EveryKindIsCorruptWhereItsLastBytesAreMissing) {
  for (const Sample& sample : every_kind()) {
    if (sample.name == "gif-animation") continue;
    constexpr std::size_t missing = 4;  // More than any format fills up with.
    const auto result = run(std::span(sample.file).first(sample.file.size() - missing));
    ASSERT_FALSE(result) << sample.name;
    EXPECT_EQ(result.error().code, ErrorCode::corrupt) << sample.name;
  }
}

TEST(CutFile, JunkBehindTheEndIsAccepted) {
  for (const Sample& sample : every_kind()) {
    FileBuilder file;
    file.append(sample.file).text("made by a camera that appends a video").u32_be(0xFFD8FFE0);
    const auto result = run(file.file());
    EXPECT_TRUE(result) << sample.name << ": " << result.error().message;
  }
}

}  // namespace
}  // namespace darkroom::imaging
