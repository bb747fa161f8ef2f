#include "http/rate_limiter.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

using namespace std::chrono_literals;

constexpr jobs::SteadyTime start{1'000s};

TEST(RateLimiter, AdmitsItsQuotaAtOnceAndThenNoMore) {
  RateLimiter limiter{3, 60s};
  for (std::uint64_t left = 3; left-- > 0;) {
    const auto verdict = limiter.take("a", start);
    EXPECT_TRUE(verdict.admitted);
    EXPECT_EQ(verdict.remaining, left);
  }
  const auto refused = limiter.take("a", start);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.remaining, 0U);
  EXPECT_EQ(refused.next_in, 20s);
  EXPECT_EQ(refused.full_in, 60s);
}

TEST(RateLimiter, FillsUpEvenly) {
  RateLimiter limiter{3, 60s};
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(limiter.take("a", start).admitted);
  EXPECT_FALSE(limiter.take("a", start + 19s).admitted);
  EXPECT_TRUE(limiter.take("a", start + 20s).admitted);
  EXPECT_FALSE(limiter.take("a", start + 39s).admitted);
  EXPECT_EQ(limiter.take("a", start + 1h).remaining, 2U);
}

TEST(RateLimiter, AdmitsThePaceOfItsQuotaForEver) {
  RateLimiter limiter{7, 60s};
  for (int i = 0; i < 7; ++i)
    EXPECT_TRUE(limiter.take("a", start).admitted);
  auto now = start;
  for (int i = 0; i < 10'000; ++i) {
    now += 8'572ms;  // A seventh of a minute, rounded up.
    ASSERT_TRUE(limiter.take("a", now).admitted) << i;
  }
}

TEST(RateLimiter, SaysWhenTheNextIsAdmitted) {
  RateLimiter limiter{100, 1s};
  for (int i = 0; i < 100; ++i)
    EXPECT_TRUE(limiter.take("a", start).admitted);
  const auto refused = limiter.take("a", start);
  EXPECT_EQ(refused.next_in, 1s);  // Never 0, which would say "now".
  EXPECT_TRUE(limiter.take("a", start + refused.next_in).admitted);
}

TEST(RateLimiter, KeepsClientsApart) {
  RateLimiter limiter{1, 60s};
  EXPECT_TRUE(limiter.take("a", start).admitted);
  EXPECT_FALSE(limiter.take("a", start).admitted);
  EXPECT_TRUE(limiter.take("b", start).admitted);
}

TEST(RateLimiter, ForgetsTheClientThatWasHereLongestAgo) {
  RateLimiter limiter{1, 60s, 2};
  EXPECT_TRUE(limiter.take("a", start).admitted);
  EXPECT_TRUE(limiter.take("b", start).admitted);
  EXPECT_FALSE(limiter.take("a", start).admitted);
  EXPECT_TRUE(limiter.take("c", start).admitted);  // Now b is forgotten, and a is not.
  EXPECT_FALSE(limiter.take("a", start).admitted);
  EXPECT_TRUE(limiter.take("b", start).admitted);
}

TEST(RateLimiter, IsNotConfusedByTimesOutOfOrder) {
  RateLimiter limiter{2, 60s};
  EXPECT_TRUE(limiter.take("a", start + 30s).admitted);
  EXPECT_TRUE(limiter.take("a", start).admitted);
  EXPECT_FALSE(limiter.take("a", start + 30s).admitted);
}

}  // namespace
}  // namespace darkroom::http
