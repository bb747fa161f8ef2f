#include "jobs/worker_roster.hpp"

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

class WorkerRosterTest : public testing::Test {
 protected:
  [[nodiscard]] bool join(const WorkerId& worker, std::uint32_t slots, std::uint32_t holds = 0,
                          std::vector<std::string> queues = {}) {
    return roster.join({.worker = worker,
                        .slots = slots,
                        .holds = holds,
                        .node = worker.name + "'s node",
                        .takes = order.subscribe(std::move(queues))},
                       start);
  }

  /// Where there is work for everybody.
  [[nodiscard]] std::optional<WorkerId> most_credit(
      const std::optional<WorkerId>& except = std::nullopt) const {
    const auto choice = roster.most_credit([](const Subscription&) { return true; }, except);
    return choice ? std::optional{choice->worker} : std::nullopt;
  }

  [[nodiscard]] std::optional<WorkerRoster::Emptiest> emptiest() const {
    return roster.emptiest("default");
  }

  QueueOrder order;
  WorkerRoster roster;
  SteadyTime start{};
  WorkerId anna{"anna", 1};
  WorkerId bert{"bert", 2};
};

TEST_F(WorkerRosterTest, NobodyHasCreditInAnEmptyRoster) {
  EXPECT_EQ(most_credit(), std::nullopt);
}

TEST_F(WorkerRosterTest, AWorkerIsNeverGivenMoreThanItsSlots) {
  ASSERT_TRUE(join(anna, 2, 0));
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(most_credit(), anna);
    roster.took_job(anna);
  }
  EXPECT_EQ(most_credit(), std::nullopt);
  roster.gave_back_job(anna);
  EXPECT_EQ(most_credit(), anna);
}

TEST_F(WorkerRosterTest, JobsAreSpreadEvenly) {
  ASSERT_TRUE(join(anna, 2, 0));
  ASSERT_TRUE(join(bert, 2, 0));
  int for_anna = 0;
  for (int i = 0; i < 2; ++i) {
    const auto worker = most_credit();
    ASSERT_TRUE(worker);
    for_anna += *worker == anna ? 1 : 0;
    roster.took_job(*worker);
  }
  EXPECT_EQ(for_anna, 1);
}

TEST_F(WorkerRosterTest, ADrainingWorkerGetsNothing) {
  ASSERT_TRUE(join(anna, 4, 0));
  EXPECT_TRUE(roster.heard_from(anna, 0, 0, start));
  EXPECT_EQ(most_credit(), std::nullopt);
}

TEST_F(WorkerRosterTest, AClaimBeyondItsSlotsIsCutToThem) {
  ASSERT_TRUE(join(anna, 1, 0));
  EXPECT_TRUE(roster.heard_from(anna, 1'000, 0, start));
  roster.took_job(anna);
  EXPECT_EQ(most_credit(), std::nullopt);
}

TEST_F(WorkerRosterTest, WhatAWorkerHoldsAtJoiningCounts) {
  ASSERT_TRUE(join(anna, 2, 2));
  EXPECT_EQ(most_credit(), std::nullopt);
}

TEST_F(WorkerRosterTest, TwoOfOneNameAreNotHereTogether) {
  ASSERT_TRUE(join(anna, 2, 0));
  const WorkerId other{"anna", 9};
  EXPECT_FALSE(join(other, 2, 0));
  EXPECT_TRUE(roster.contains(anna));
  EXPECT_FALSE(roster.leave(other));
  ASSERT_TRUE(roster.leave(anna));
  EXPECT_TRUE(join(other, 2, 0));
  EXPECT_TRUE(join(other, 2, 0)) << "after a lost connection";
  EXPECT_EQ(roster.size(), 1U);
}

TEST_F(WorkerRosterTest, KnowsWhoIsSilent) {
  ASSERT_TRUE(join(anna, 1, 0));
  ASSERT_TRUE(join(bert, 1, 0));
  EXPECT_TRUE(roster.heard_from(bert, 1, 0, start + std::chrono::seconds{5}));
  EXPECT_EQ(roster.silent_since(start + std::chrono::seconds{4}), std::vector{anna});
}

TEST_F(WorkerRosterTest, CountsSlots) {
  ASSERT_TRUE(join(anna, 2, 0));
  ASSERT_TRUE(join(bert, 3, 0));
  EXPECT_EQ(roster.slots(), 5U);
  EXPECT_TRUE(roster.leave(bert));
  EXPECT_EQ(roster.slots(), 2U);
}

TEST_F(WorkerRosterTest, NothingGoesBesideAJobThatRunsAlone) {
  ASSERT_TRUE(join(anna, 3, 0));
  ASSERT_TRUE(emptiest());
  EXPECT_TRUE(emptiest()->idle);
  roster.took_job(anna, true);
  EXPECT_EQ(most_credit(), std::nullopt);
  EXPECT_FALSE(emptiest());
  roster.gave_back_job(anna);
  EXPECT_EQ(most_credit(), anna);
}

TEST_F(WorkerRosterTest, IsCrowdedWhileASlotIsBusyWithWhatWasTakenAway) {
  ASSERT_TRUE(join(anna, 2, 0));
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
  ASSERT_TRUE(join(anna, 3, 0));
  ASSERT_TRUE(join(bert, 3, 0));
  roster.took_job(anna);
  roster.took_job(anna);
  roster.took_job(bert);
  ASSERT_TRUE(emptiest());
  EXPECT_EQ(emptiest()->worker, bert);
  EXPECT_FALSE(emptiest()->idle);
  EXPECT_EQ(most_credit(bert), anna);
  // A job that is not its own any more runs in its process still.
  roster.gave_back_job(bert);
  roster.slot_is_busy(bert);
  EXPECT_FALSE(emptiest()->idle);
}

TEST_F(WorkerRosterTest, AJobGoesToAWorkerThatTakesItsQueueHoweverMuchCreditOthersHave) {
  ASSERT_TRUE(join(anna, 9, 0, {"media"}));
  ASSERT_TRUE(join(bert, 1, 0, {"default"}));
  const auto for_default = [](const Subscription& takes) { return takes.takes("default"); };
  ASSERT_TRUE(roster.most_credit(for_default));
  EXPECT_EQ(roster.most_credit(for_default)->worker, bert);
  EXPECT_EQ(roster.emptiest("media")->worker, anna);
  EXPECT_FALSE(roster.emptiest("other"));
  roster.took_job(bert);
  EXPECT_FALSE(roster.most_credit(for_default));
  EXPECT_EQ(roster.capacity_for("media").slots, 9U);
  EXPECT_EQ(roster.capacity_for("other").workers, 0U);
}

TEST_F(WorkerRosterTest, WhoHasNoSlotsIsNoCapacity) {
  ASSERT_TRUE(join(anna, 0));
  ASSERT_TRUE(join(bert, 3));
  EXPECT_EQ(roster.capacity_for("default").workers, 1U);
  EXPECT_EQ(roster.capacity_for("default").slots, 3U);
}

TEST_F(WorkerRosterTest, OfEqualCreditTheWorkerGetsAJobThatTakesFewerQueues) {
  ASSERT_TRUE(join(anna, 2));
  ASSERT_TRUE(join(bert, 2, 0, {"default", "media"}));
  EXPECT_EQ(most_credit(), bert);
  roster.took_job(bert);
  EXPECT_EQ(most_credit(), anna);
}

TEST_F(WorkerRosterTest, ADrainedWorkerGetsNothingUntilItIsResumed) {
  ASSERT_TRUE(join(anna, 2));
  ASSERT_TRUE(join(bert, 3));
  const auto of_bert = [](const std::string&, const std::string& node) {
    return node == "bert's node";
  };
  roster.set_drained(of_bert);
  EXPECT_EQ(most_credit(), anna);
  EXPECT_EQ(emptiest()->worker, anna);
  EXPECT_EQ(roster.capacity_for("default").slots, 2U);
  EXPECT_TRUE(roster.figures().back().drained);
  // What it says of itself does not change that.
  ASSERT_TRUE(roster.heard_from(bert, 3, 0, start));
  EXPECT_EQ(most_credit(), anna);
  roster.set_drained([](const std::string&, const std::string&) { return false; });
  EXPECT_EQ(most_credit(), bert);
}

TEST_F(WorkerRosterTest, AWorkerThatRejoinsMayTakeOtherQueues) {
  ASSERT_TRUE(join(anna, 1, 0, {"media"}));
  ASSERT_TRUE(join(anna, 1, 0, {"default"}));
  EXPECT_FALSE(roster.emptiest("media"));
  EXPECT_EQ(roster.emptiest("default")->worker, anna);
  ASSERT_TRUE(roster.leave(anna));
  EXPECT_FALSE(roster.emptiest("default"));
}

}  // namespace
}  // namespace darkroom::jobs
