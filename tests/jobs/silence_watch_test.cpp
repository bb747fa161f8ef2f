#include "jobs/silence_watch.hpp"

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using std::chrono::milliseconds;

constexpr SteadyTime start{};
constexpr milliseconds patience{1'000};

TEST(SilenceWatch, LosesPatienceWithWhoHasGone) {
  SilenceWatch watch{patience};
  EXPECT_FALSE(watch.note(true, start));
  EXPECT_FALSE(watch.note(false, start + milliseconds{100}));
  EXPECT_FALSE(watch.note(false, start + milliseconds{1'099}));
  EXPECT_TRUE(watch.note(false, start + milliseconds{1'100}));
  EXPECT_TRUE(watch.note(false, start + milliseconds{1'200}));
}

TEST(SilenceWatch, BeginsAnewWithEachReturn) {
  SilenceWatch watch{patience};
  EXPECT_FALSE(watch.note(true, start));
  EXPECT_FALSE(watch.note(false, start + milliseconds{100}));
  EXPECT_FALSE(watch.note(true, start + milliseconds{1'000}));
  EXPECT_FALSE(watch.note(false, start + milliseconds{1'200}));
  EXPECT_FALSE(watch.note(false, start + milliseconds{2'100}));
}

TEST(SilenceWatch, WaitsForEverForWhoHasYetToCome) {
  SilenceWatch watch{patience};
  EXPECT_FALSE(watch.note(false, start));
  EXPECT_FALSE(watch.note(false, start + std::chrono::hours{1}));
}

TEST(SilenceWatch, CountsNothingFromBeforeItWasBlind) {
  SilenceWatch watch{patience};
  EXPECT_FALSE(watch.note(true, start));
  EXPECT_FALSE(watch.note(false, start + milliseconds{100}));
  watch.forget();
  EXPECT_FALSE(watch.note(false, start + milliseconds{5'000}));
}

}  // namespace
}  // namespace darkroom::jobs
