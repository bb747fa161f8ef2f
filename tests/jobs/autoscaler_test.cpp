#include "jobs/autoscaler.hpp"

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using namespace std::chrono_literals;

class AutoscalerTest : public testing::Test {
 protected:
  /// Looks once a second for so long.
  std::uint32_t stays(Autoscaler::Load load, std::chrono::seconds duration) {
    for (auto passed = 0s; passed < duration; passed += 1s) {
      now_ += 1s;
      scaler_.note(load, now_);
    }
    return scaler_.slots();
  }

  SteadyTime now_{};
  Autoscaler scaler_{{.min = 1, .max = 8}, 30s};
};

TEST_F(AutoscalerTest, BeginsWithTheLeast) {
  EXPECT_EQ(scaler_.slots(), 1U);
  EXPECT_EQ(stays({}, 100s), 1U);
}

TEST_F(AutoscalerTest, GrowsToTheMostWhileWorkWaitsDoublingAtEachLook) {
  EXPECT_EQ(stays({.waiting = 100, .running = 1}, 1s), 2U);
  EXPECT_EQ(stays({.waiting = 100, .running = 2}, 1s), 4U);
  EXPECT_EQ(stays({.waiting = 100, .running = 4}, 1s), 8U);
  EXPECT_EQ(stays({.waiting = 100, .running = 8}, 100s), 8U);
}

TEST_F(AutoscalerTest, GrowsToWhatTheLoadCallsForOnly) {
  EXPECT_EQ(stays({.waiting = 2, .running = 1}, 10s), 3U);
}

TEST_F(AutoscalerTest, KeepsItsSlotsForATimeWhenTheyIdle) {
  stays({.waiting = 100, .running = 8}, 10s);
  EXPECT_EQ(stays({}, 25s), 8U);
  EXPECT_EQ(stays({}, 40s), 1U);
}

TEST_F(AutoscalerTest, ShrinksToTheMostThatWereNeededAtAnyTime) {
  stays({.waiting = 100, .running = 8}, 10s);
  stays({.running = 2}, 20s);
  stays({.running = 5}, 1s);
  stays({.running = 1}, 15s);
  EXPECT_EQ(scaler_.slots(), 5U);
}

TEST_F(AutoscalerTest, StandsStillWithLoadsThatComeAndGo) {
  stays({.waiting = 10, .running = 4}, 10s);
  for (int i = 0; i < 20; ++i) {
    stays({}, 7s);
    EXPECT_EQ(stays({.running = 8}, 1s), 8U);
  }
}

TEST(Autoscaler, MayBeginWithNone) {
  Autoscaler scaler{{.min = 0, .max = 4}, 30s};
  EXPECT_EQ(scaler.slots(), 0U);
  EXPECT_EQ(scaler.note({.waiting = 5}, SteadyTime{}), 1U);
}

}  // namespace
}  // namespace darkroom::jobs
