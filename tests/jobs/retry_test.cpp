#include "jobs/retry.hpp"

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using std::chrono::milliseconds;

TEST(Retry, WaitsOneTwoFourSeconds) {
  const RetryPolicy policy;
  EXPECT_EQ(retry_delay(policy, 1, 0.0), milliseconds{1'000});
  EXPECT_EQ(retry_delay(policy, 2, 0.0), milliseconds{2'000});
  EXPECT_EQ(retry_delay(policy, 3, 0.0), milliseconds{4'000});
}

TEST(Retry, GivesUpWhenTheAttemptsAreSpent) {
  const RetryPolicy policy;
  EXPECT_EQ(retry_delay(policy, 4, 0.0), std::nullopt);
  EXPECT_EQ(retry_delay(policy, 5, 0.0), std::nullopt);
}

TEST(Retry, NeverWaitsLongerThanTheCap) {
  RetryPolicy policy;
  policy.attempts = 1'000;
  EXPECT_EQ(retry_delay(policy, 999, 0.0), policy.max);
  EXPECT_EQ(retry_delay(policy, 999, 0.999), policy.max);
}

TEST(Retry, JitterAddsAtMostItsShare) {
  RetryPolicy policy;
  policy.jitter = 0.5;
  EXPECT_EQ(retry_delay(policy, 1, 0.5), milliseconds{1'250});
  EXPECT_LE(retry_delay(policy, 1, 0.999), milliseconds{1'500});
}

}  // namespace
}  // namespace darkroom::jobs
