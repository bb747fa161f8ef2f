#include "jobs/worker_roster.hpp"

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

class WorkerRosterTest : public testing::Test {
 protected:
  WorkerRoster roster;
  SteadyTime start{};
  WorkerId anna{"anna", 1};
  WorkerId bert{"bert", 2};
};

TEST_F(WorkerRosterTest, NobodyHasCreditInAnEmptyRoster) {
  EXPECT_EQ(roster.most_credit(), std::nullopt);
}

TEST_F(WorkerRosterTest, AWorkerIsNeverGivenMoreThanItsSlots) {
  ASSERT_TRUE(roster.join(anna, 2, 0, start));
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(roster.most_credit(), anna);
    roster.took_job(anna);
  }
  EXPECT_EQ(roster.most_credit(), std::nullopt);
  roster.gave_back_job(anna);
  EXPECT_EQ(roster.most_credit(), anna);
}

TEST_F(WorkerRosterTest, JobsAreSpreadEvenly) {
  ASSERT_TRUE(roster.join(anna, 2, 0, start));
  ASSERT_TRUE(roster.join(bert, 2, 0, start));
  int for_anna = 0;
  for (int i = 0; i < 2; ++i) {
    const auto worker = roster.most_credit();
    ASSERT_TRUE(worker);
    for_anna += *worker == anna ? 1 : 0;
    roster.took_job(*worker);
  }
  EXPECT_EQ(for_anna, 1);
}

TEST_F(WorkerRosterTest, ADrainingWorkerGetsNothing) {
  ASSERT_TRUE(roster.join(anna, 4, 0, start));
  EXPECT_TRUE(roster.heard_from(anna, 0, 0, start));
  EXPECT_EQ(roster.most_credit(), std::nullopt);
}

TEST_F(WorkerRosterTest, AClaimBeyondItsSlotsIsCutToThem) {
  ASSERT_TRUE(roster.join(anna, 1, 0, start));
  EXPECT_TRUE(roster.heard_from(anna, 1'000, 0, start));
  roster.took_job(anna);
  EXPECT_EQ(roster.most_credit(), std::nullopt);
}

TEST_F(WorkerRosterTest, WhatAWorkerHoldsAtJoiningCounts) {
  ASSERT_TRUE(roster.join(anna, 2, 2, start));
  EXPECT_EQ(roster.most_credit(), std::nullopt);
}

TEST_F(WorkerRosterTest, TwoOfOneNameAreNotHereTogether) {
  ASSERT_TRUE(roster.join(anna, 2, 0, start));
  const WorkerId other{"anna", 9};
  EXPECT_FALSE(roster.join(other, 2, 0, start));
  EXPECT_TRUE(roster.contains(anna));
  EXPECT_FALSE(roster.leave(other));
  ASSERT_TRUE(roster.leave(anna));
  EXPECT_TRUE(roster.join(other, 2, 0, start));
  EXPECT_TRUE(roster.join(other, 2, 0, start)) << "after a lost connection";
  EXPECT_EQ(roster.size(), 1U);
}

TEST_F(WorkerRosterTest, KnowsWhoIsSilent) {
  ASSERT_TRUE(roster.join(anna, 1, 0, start));
  ASSERT_TRUE(roster.join(bert, 1, 0, start));
  EXPECT_TRUE(roster.heard_from(bert, 1, 0, start + std::chrono::seconds{5}));
  EXPECT_EQ(roster.silent_since(start + std::chrono::seconds{4}), std::vector{anna});
}

TEST_F(WorkerRosterTest, CountsSlots) {
  ASSERT_TRUE(roster.join(anna, 2, 0, start));
  ASSERT_TRUE(roster.join(bert, 3, 0, start));
  EXPECT_EQ(roster.slots(), 5U);
  EXPECT_TRUE(roster.leave(bert));
  EXPECT_EQ(roster.slots(), 2U);
}

TEST_F(WorkerRosterTest, NothingGoesBesideAJobThatRunsAlone) {
  ASSERT_TRUE(roster.join(anna, 3, 0, start));
  ASSERT_TRUE(roster.emptiest());
  EXPECT_TRUE(roster.emptiest()->idle);
  roster.took_job(anna, true);
  EXPECT_EQ(roster.most_credit(), std::nullopt);
  EXPECT_FALSE(roster.emptiest());
  roster.gave_back_job(anna);
  EXPECT_EQ(roster.most_credit(), anna);
}

TEST_F(WorkerRosterTest, IsCrowdedWhileASlotIsBusyWithWhatWasTakenAway) {
  ASSERT_TRUE(roster.join(anna, 2, 0, start));
  roster.took_job(anna);
  EXPECT_FALSE(roster.is_crowded(anna));
  roster.slot_is_busy(anna);
  EXPECT_TRUE(roster.is_crowded(anna));
  ASSERT_TRUE(roster.heard_from(anna, 2, 0, start));
  EXPECT_FALSE(roster.is_crowded(anna));
  // It drains, first alone with its own, then with one that it has lost.
  ASSERT_TRUE(roster.heard_from(anna, 0, 0, start));
  EXPECT_FALSE(roster.is_crowded(anna));
  ASSERT_TRUE(roster.heard_from(anna, 0, 1, start));
  EXPECT_TRUE(roster.is_crowded(anna));
  EXPECT_FALSE(roster.is_crowded(bert));
}

TEST_F(WorkerRosterTest, TheWorkerThatWillBeEmptyFirstIsKeptFree) {
  ASSERT_TRUE(roster.join(anna, 3, 0, start));
  ASSERT_TRUE(roster.join(bert, 3, 0, start));
  roster.took_job(anna);
  roster.took_job(anna);
  roster.took_job(bert);
  ASSERT_TRUE(roster.emptiest());
  EXPECT_EQ(roster.emptiest()->worker, bert);
  EXPECT_FALSE(roster.emptiest()->idle);
  EXPECT_EQ(roster.most_credit(bert), anna);
  // A job that is not its own any more runs in its process still.
  roster.gave_back_job(bert);
  roster.slot_is_busy(bert);
  EXPECT_FALSE(roster.emptiest()->idle);
}

}  // namespace
}  // namespace darkroom::jobs
