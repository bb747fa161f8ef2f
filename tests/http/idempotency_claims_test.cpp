#include "http/idempotency_claims.hpp"

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

TEST(IdempotencyClaims, HoldAKeyUntilTheClaimGoes) {
  IdempotencyClaims claims;
  {
    const auto first = claims.claim("a");
    EXPECT_TRUE(first);
    EXPECT_FALSE(claims.claim("a"));
    EXPECT_TRUE(claims.claim("b"));
  }
  EXPECT_TRUE(claims.claim("a"));
}

TEST(IdempotencyClaims, CanBeMoved) {
  IdempotencyClaims claims;
  auto first = claims.claim("a");
  ASSERT_TRUE(first);
  {
    const IdempotencyClaims::Claim second{std::move(*first)};
    first.reset();
    EXPECT_FALSE(claims.claim("a"));
  }
  EXPECT_TRUE(claims.claim("a"));
}

TEST(IdempotencyClaims, AreGivenToOneOfMany) {
  constexpr int rounds = 2'000;
  IdempotencyClaims claims;
  std::atomic<int> holders{0};
  std::atomic<int> together{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        const auto claim = claims.claim("a");
        if (!claim) continue;
        if (++holders > 1) ++together;
        --holders;
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(together, 0);
}

}  // namespace
}  // namespace darkroom::http
