#include "jobs/silence_watch.hpp"

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using std::chrono::milliseconds;

constexpr SteadyTime start{};
constexpr SilenceWatch::Patience patience{.before = milliseconds{5'000},
                                          .after = milliseconds{1'000}};

TEST(SilenceWatch, LosesPatienceWithWhoHasGone) {
  SilenceWatch watch{patience};
  EXPECT_FALSE(watch.note(true, start));
  EXPECT_FALSE(watch.note(false, start + milliseconds{100}));
  EXPECT_FALSE(watch.note(false, start + milliseconds{1'099}));
  EXPECT_TRUE(watch.note(false, start + milliseconds{1'100}));
  EXPECT_TRUE(watch.note(false, start + milliseconds{1'200}));
}

TEST(SilenceWatch, HasNoneWithWhoHasGoneAndIsNeeded) {
  SilenceWatch watch{patience};
  EXPECT_FALSE(watch.note(false, start, true)) << "it is on its way";
  EXPECT_FALSE(watch.note(true, start, true));
  EXPECT_TRUE(watch.note(false, start + milliseconds{100}, true));
}

TEST(SilenceWatch, HasPatienceWithWhoMayNotHaveFoundTheWayBackYet) {
  SilenceWatch watch{patience};
  EXPECT_FALSE(watch.note(true, start, true));
  watch.look_away();
  EXPECT_FALSE(watch.note(false, start + milliseconds{100}, true));
  EXPECT_FALSE(watch.note(false, start + milliseconds{1'099}, true));
  EXPECT_TRUE(watch.note(false, start + milliseconds{1'100}, true));
}

TEST(SilenceWatch, BeginsAnewWithEachReturn) {
  SilenceWatch watch{patience};
  EXPECT_FALSE(watch.note(true, start));
  EXPECT_FALSE(watch.note(false, start + milliseconds{100}));
  EXPECT_FALSE(watch.note(true, start + milliseconds{1'000}));
  EXPECT_FALSE(watch.note(false, start + milliseconds{1'200}));
  EXPECT_FALSE(watch.note(false, start + milliseconds{2'100}));
}

TEST(SilenceWatch, GivesWhoHasYetToComeMoreTime) {
  SilenceWatch watch{patience};
  EXPECT_FALSE(watch.note(false, start));
  EXPECT_FALSE(watch.note(false, start + milliseconds{4'999}));
  EXPECT_TRUE(watch.note(false, start + milliseconds{5'000}));
  watch.begin_anew();
  EXPECT_FALSE(watch.note(false, start + milliseconds{6'000}));
}

TEST(SilenceWatch, CountsNothingFromBeforeItLookedAwayAndKnowsWhoWasHere) {
  SilenceWatch watch{patience};
  EXPECT_FALSE(watch.note(true, start));
  EXPECT_FALSE(watch.note(false, start + milliseconds{100}));
  watch.look_away();
  EXPECT_FALSE(watch.note(false, start + milliseconds{5'000}));
  EXPECT_TRUE(watch.note(false, start + milliseconds{6'000}));
}

}  // namespace
}  // namespace darkroom::jobs
