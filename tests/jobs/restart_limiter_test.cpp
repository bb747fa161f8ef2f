#include "jobs/restart_limiter.hpp"

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(RestartLimiter, WaitsLongerAfterEachFailureUpToACap) {
  RestartPolicy policy;
  policy.max = seconds{5};
  RestartLimiter limiter{policy};
  SteadyTime now{};
  for (const auto expected : {1'000, 2'000, 4'000, 5'000, 5'000}) {
    limiter.started(now);
    EXPECT_EQ(limiter.failed(now += milliseconds{10}), milliseconds{expected});
  }
}

TEST(RestartLimiter, StartsOverAfterACalmMinute) {
  RestartLimiter limiter{RestartPolicy{}};
  SteadyTime now{};
  limiter.started(now);
  EXPECT_EQ(limiter.failed(now), seconds{1});
  limiter.started(now);
  EXPECT_EQ(limiter.failed(now += seconds{59}), seconds{2});
  limiter.started(now);
  EXPECT_EQ(limiter.failed(now += seconds{60}), seconds{1});
}

TEST(RestartLimiter, EscalatesAfterTooManyFailuresInTheWindow) {
  RestartPolicy policy;
  policy.restarts = 3;
  policy.window = seconds{100};
  RestartLimiter limiter{policy};
  SteadyTime now{};
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(limiter.failed(now += seconds{1}).has_value());
  EXPECT_EQ(limiter.failed(now + seconds{1}), std::nullopt);
}

TEST(RestartLimiter, ForgetsFailuresThatAreOlderThanTheWindow) {
  RestartPolicy policy;
  policy.restarts = 3;
  policy.window = seconds{100};
  RestartLimiter limiter{policy};
  SteadyTime now{};
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(limiter.failed(now += seconds{40}).has_value()) << i;
  }
}

}  // namespace
}  // namespace darkroom::jobs
