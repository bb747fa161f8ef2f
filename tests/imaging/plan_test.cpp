#include "imaging/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::imaging {
namespace {

std::vector<jobs::RenditionSpec> boxes(std::initializer_list<Size> sizes) {
  std::vector<jobs::RenditionSpec> specs;
  for (const Size& size : sizes) {
    auto& spec = specs.emplace_back();
    spec.width = size.width;
    spec.height = size.height;
  }
  return specs;
}

/// The steps for a PNG of that size.
std::vector<PlanStep> steps_for(Size original, const std::vector<jobs::RenditionSpec>& specs) {
  ImageInfo info;
  info.format = InputFormat::png;
  info.width = original.width;
  info.height = original.height;
  return plan_renditions(info, specs).steps;
}

const PlanStep& step_of(const std::vector<PlanStep>& plan, std::size_t rendition) {
  return *std::find_if(plan.begin(), plan.end(),
                       [&](const PlanStep& step) { return step.rendition == rendition; });
}

TEST(Plan, TheThumbnailOfTheDefaultPresetComesFromTheResizedPicture) {
  const auto plan = steps_for({2725, 2225}, jobs::default_preset().renditions);
  ASSERT_EQ(plan.size(), 3U);
  EXPECT_EQ(step_of(plan, 0).source, std::nullopt);
  EXPECT_EQ(step_of(plan, 0).size, (Size{1024, 836}));
  EXPECT_EQ(step_of(plan, 1).source, std::nullopt);
  EXPECT_EQ(step_of(plan, 1).size, (Size{2725, 2225}));
  EXPECT_EQ(step_of(plan, 2).source, 0U);
  EXPECT_EQ(step_of(plan, 2).size, (Size{300, 245}));
}

TEST(Plan, NamesTheSmallestRenditionThatShowsAllOfTheOriginal) {
  ImageInfo info;
  info.format = InputFormat::png;
  info.width = 1600;
  info.height = 1200;
  auto specs = boxes({{800, 800}, {100, 100}, {200, 200}, {50, 50}});
  EXPECT_EQ(plan_renditions(info, specs).smallest_plain, 3U);
  specs[3].fit = jobs::Fit::cover;
  specs[1].watermark = jobs::Watermark{.name = "logo", .image = {}};
  EXPECT_EQ(plan_renditions(info, specs).smallest_plain, 2U);
  specs[2].sharpen = 1;
  specs[0].fit = jobs::Fit::pad;
  EXPECT_EQ(plan_renditions(info, specs).smallest_plain, std::nullopt);
}

TEST(Plan, EachSourceStandsBeforeWhatIsMadeOfIt) {
  const auto specs = boxes({{50, 50}, {800, 800}, {200, 200}, {0, 0}, {400, 400}, {25, 25}});
  const auto plan = steps_for({1600, 1600}, specs);
  std::vector<std::size_t> done;
  for (const PlanStep& step : plan) {
    if (step.source) {
      EXPECT_THAT(done, ::testing::Contains(*step.source));
    }
    done.push_back(step.rendition);
  }
  EXPECT_THAT(done, ::testing::UnorderedElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_EQ(step_of(plan, 5).source, 0U);
  EXPECT_EQ(step_of(plan, 0).source, 2U);
  EXPECT_EQ(step_of(plan, 2).source, 4U);
  EXPECT_EQ(step_of(plan, 4).source, 1U);
  EXPECT_EQ(step_of(plan, 1).source, std::nullopt);
}

TEST(Plan, ASourceIsAtLeastTwiceAsWideAndHigh) {
  const auto plan = steps_for({1000, 1000}, boxes({{399, 399}, {200, 200}}));
  EXPECT_EQ(step_of(plan, 1).source, std::nullopt);
  const auto enough = steps_for({1000, 1000}, boxes({{400, 400}, {200, 200}}));
  EXPECT_EQ(step_of(enough, 1).source, 0U);
}

TEST(Plan, SizesAreThoseThatTheOriginalGives) {
  // 3000x614 is 100x20 when shrunk at once, 20.47 rounded; by way of 400x82 it would be 100x21.
  const auto specs = boxes({{400, 400}, {100, 100}});
  const auto plan = steps_for({3000, 614}, specs);
  EXPECT_EQ(step_of(plan, 1).size, (Size{100, 20}));
  EXPECT_EQ(step_of(plan, 1).source, std::nullopt);
  const auto exact = steps_for({3000, 615}, specs);
  EXPECT_EQ(step_of(exact, 1).size, (Size{100, 21}));
  EXPECT_EQ(step_of(exact, 1).source, 0U);
}

TEST(Plan, SmallOriginalsAreUsedAsTheyAre) {
  const auto plan = steps_for({200, 100}, jobs::default_preset().renditions);
  for (const PlanStep& step : plan) {
    EXPECT_EQ(step.source, std::nullopt);
    EXPECT_EQ(step.size, (Size{200, 100}));
  }
}

TEST(Plan, NothingAskedForIsNothingToDo) {
  EXPECT_TRUE(steps_for({10, 10}, {}).empty());
}

}  // namespace
}  // namespace darkroom::imaging
