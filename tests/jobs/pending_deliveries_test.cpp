#include "jobs/pending_deliveries.hpp"

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using namespace std::chrono_literals;

JobId made(std::chrono::milliseconds at) {
  return JobId::generate(Timestamp{at});
}

TEST(PendingDeliveries, KnowsHowManyThereAreAndTheOldest) {
  PendingDeliveries pending;
  EXPECT_EQ(pending.size(), 0U);
  EXPECT_FALSE(pending.oldest());
  const auto first = made(100s);
  const auto beside = made(103s);
  const auto last = made(500s);
  for (const auto& id : {last, first, beside})
    pending.add(id);
  EXPECT_EQ(pending.size(), 3U);
  EXPECT_EQ(pending.oldest(), Timestamp{109'999ms});
  pending.remove(first);
  EXPECT_EQ(pending.oldest(), Timestamp{109'999ms}) << "the one beside it is there still";
  pending.remove(beside);
  EXPECT_EQ(pending.oldest(), Timestamp{509'999ms});
  pending.remove(last);
  EXPECT_EQ(pending.size(), 0U);
  EXPECT_FALSE(pending.oldest());
}

TEST(PendingDeliveries, TheOldestIsNeverYoungerThanItIsByMoreThanTenSeconds) {
  for (const auto at : {0ms, 9'999ms, 10'000ms, 1'795'334'904'123ms}) {
    PendingDeliveries pending;
    pending.add(made(at));
    EXPECT_GE(pending.oldest(), Timestamp{at});
    EXPECT_LT(pending.oldest(), Timestamp{at + 10s});
  }
}

TEST(PendingDeliveries, OneThatWasNotAddedIsNotTakenAway) {
  PendingDeliveries pending;
  pending.remove(made(1s));
  EXPECT_EQ(pending.size(), 0U);
}

}  // namespace
}  // namespace darkroom::jobs
