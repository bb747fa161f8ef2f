#include "jobs/queue_order.hpp"

#include <map>
#include <unordered_map>

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using std::chrono::milliseconds;

class QueueOrderTest : public testing::Test {
 protected:
  Job add(const std::string& queue, const std::string& tenant = "",
          Priority priority = Priority::normal, bool alone = false) {
    Job job;
    job.id = JobId::generate(Timestamp{milliseconds{++clock}});
    job.run_at = Timestamp{milliseconds{clock}};
    job.queue = queue;
    job.tenant = tenant;
    job.priority = static_cast<std::uint8_t>(priority);
    job.alone = alone;
    order.insert(job);
    jobs.emplace(job.id, job);
    return job;
  }

  void add_many(int count, const std::string& queue, const std::string& tenant = "") {
    for (int i = 0; i < count; ++i)
      add(queue, tenant);
  }

  /// The next job goes to a worker.
  std::optional<Job> take(Subscription& subscription) {
    const auto id = order.next(subscription);
    if (!id) return std::nullopt;
    auto job = jobs.at(*id);
    order.take_turn(subscription, job);
    order.erase(job);
    return job;
  }

  /// How many of the next jobs come from where.
  std::map<std::string, int> take_many(int count, Subscription& subscription,
                                       std::string Job::*by = &Job::queue) {
    std::map<std::string, int> taken;
    for (int i = 0; i < count; ++i) {
      const auto job = take(subscription);
      if (job) ++taken[(*job).*by];
    }
    return taken;
  }

  using Counts = std::map<std::string, int>;

  QueueOrder order;
  std::unordered_map<JobId, Job> jobs;
  int clock = 0;
  std::shared_ptr<Subscription> all = order.subscribe({});
};

TEST_F(QueueOrderTest, QueuesShareByTheirWeightsExactly) {
  order.set_weight("a", 1);
  order.set_weight("b", 2);
  order.set_weight("c", 7);
  for (const auto* queue : {"a", "b", "c"})
    add_many(1'000, queue);
  EXPECT_EQ(take_many(1'000, *all), (Counts{{"a", 100}, {"b", 200}, {"c", 700}}));
}

TEST_F(QueueOrderTest, OddWeightsAreMetOverManyPicks) {
  order.set_weight("a", 997);
  order.set_weight("b", 3);
  add_many(20'000, "a");
  add_many(20'000, "b");
  const auto taken = take_many(20'000, *all);
  EXPECT_NEAR(taken.at("b"), 60, 1);
}

TEST_F(QueueOrderTest, ALongQueueDoesNotHoldUpAJobThatComesLater) {
  add_many(10'000, "long");
  (void)take_many(500, *all);
  const auto late = add("short");
  EXPECT_EQ(take_many(2, *all), (Counts{{"long", 1}, {"short", 1}}));
}

TEST_F(QueueOrderTest, AnIdleQueueSavesUpNoTurns) {
  add_many(5'000, "busy");
  add("idle");
  (void)take_many(2'000, *all);
  add_many(1'000, "idle");
  EXPECT_EQ(take_many(100, *all), (Counts{{"busy", 50}, {"idle", 50}}));
}

TEST_F(QueueOrderTest, AQueueThatRunsEmptyForAMomentGainsNothing) {
  order.set_weight("heavy", 9);
  add_many(10'000, "heavy");
  int flickering = 0;
  for (int i = 0; i < 1'000; ++i) {
    if (order.ready_for({"flicker"}) == 0) add("flicker");
    flickering += take(*all)->queue == "flicker" ? 1 : 0;
  }
  EXPECT_NEAR(flickering, 100, 2);
}

TEST_F(QueueOrderTest, NoQueueStarvesHoweverSmallItsWeight) {
  order.set_weight("large", 1'000);
  add_many(5'000, "large");
  add_many(2, "small");
  EXPECT_EQ(take_many(1'100, *all)["small"], 2);
}

TEST_F(QueueOrderTest, WorkersOfOneQueueGetNoOther) {
  const auto media = order.subscribe({"media"});
  add("default");
  EXPECT_FALSE(order.next(*media));
  add("media");
  EXPECT_EQ(take(*media)->queue, "media");
  EXPECT_FALSE(order.next(*media));
  EXPECT_EQ(take(*all)->queue, "default");
}

TEST_F(QueueOrderTest, WhatOtherWorkersDoForAQueueIsNotHeldAgainstIt) {
  const auto dedicated = order.subscribe({"a"});
  add_many(10'000, "a");
  add_many(10'000, "b");
  (void)take_many(5'000, *dedicated);
  EXPECT_EQ(take_many(100, *all), (Counts{{"a", 50}, {"b", 50}}));
}

TEST_F(QueueOrderTest, WorkersWithTheSameQueuesAreOne) {
  EXPECT_EQ(order.subscribe({"b", "a", "b"}), order.subscribe({"a", "b"}));
  EXPECT_NE(order.subscribe({"a"}), order.subscribe({}));
}

TEST_F(QueueOrderTest, AWorkerMayComeLaterThanTheJobsOfItsQueues) {
  add("media");
  add("default");
  const auto late = order.subscribe({"media", "never-seen"});
  EXPECT_EQ(take(*late)->queue, "media");
  add("never-seen");
  EXPECT_EQ(take(*late)->queue, "never-seen");
}

TEST_F(QueueOrderTest, WithinAQueueTheUrgentGoFirst) {
  add("q", "", Priority::low);
  add("q", "", Priority::normal);
  const auto urgent = add("q", "", Priority::high);
  EXPECT_EQ(take(*all)->id, urgent.id);
  EXPECT_EQ(take(*all)->priority, 1);
  EXPECT_EQ(take(*all)->priority, 2);
}

TEST_F(QueueOrderTest, TenantsTakeTurnsWithinAPriority) {
  add_many(1'000, "q", "greedy");
  (void)take_many(100, *all);
  add_many(10, "q", "modest");
  EXPECT_EQ(take_many(20, *all, &Job::tenant), (Counts{{"greedy", 10}, {"modest", 10}}));
}

TEST_F(QueueOrderTest, ATenantWithOneJobAtATimeGetsNoMoreThanItsTurn) {
  add_many(1'000, "q", "a");
  add_many(1'000, "q", "b");
  int single = 0;
  for (int i = 0; i < 300; ++i) {
    if (single == 0 || i % 3 == 0) add("q", "single");
    single += take(*all)->tenant == "single" ? 1 : 0;
  }
  EXPECT_NEAR(single, 100, 2);
}

TEST_F(QueueOrderTest, WithinATenantTheFirstToRunGoesFirst) {
  const auto first = add("q", "t");
  const auto second = add("q", "t");
  order.erase(first);
  order.insert(first);
  EXPECT_EQ(take(*all)->id, first.id);
  EXPECT_EQ(take(*all)->id, second.id);
}

TEST_F(QueueOrderTest, AJobThatIsPutBackIsThereAgain) {
  const auto job = add("q", "t");
  ASSERT_TRUE(take(*all));
  EXPECT_FALSE(order.next(*all));
  order.insert(job);
  EXPECT_EQ(order.next(*all), job.id);
}

TEST_F(QueueOrderTest, APausedQueueWaitsAndTheOthersGoOn) {
  add_many(10, "a");
  add_many(10, "b");
  order.set_paused("a", true);
  EXPECT_TRUE(order.is_paused("a"));
  EXPECT_EQ(take_many(20, *all), (Counts{{"b", 10}}));
  add("a");
  EXPECT_FALSE(order.next(*all));
  EXPECT_EQ(order.ready_for({}), 0U);
  order.set_paused("a", false);
  EXPECT_EQ(take_many(20, *all), (Counts{{"a", 11}}));
}

TEST_F(QueueOrderTest, APauseGainsAQueueNothing) {
  add_many(5'000, "a");
  add_many(5'000, "b");
  order.set_paused("a", true);
  (void)take_many(1'000, *all);
  order.set_paused("a", false);
  EXPECT_NEAR(take_many(100, *all).at("a"), 50, 1);
}

TEST_F(QueueOrderTest, JobsThatMustRunAloneStandInALineOfTheirOwn) {
  add("a");
  const auto later = add("a", "", Priority::normal, true);
  const auto first = add("b", "", Priority::high, true);
  ASSERT_EQ(order.alone_heads().size(), 2U);
  EXPECT_EQ(order.alone_heads().begin()->id, first.id);
  EXPECT_EQ(order.name_of(order.alone_heads().begin()->queue), "b");
  order.set_paused("b", true);
  ASSERT_EQ(order.alone_heads().size(), 1U);
  EXPECT_EQ(order.alone_heads().begin()->id, later.id);
  EXPECT_EQ(order.alone(), 2U);
  order.erase(later);
  EXPECT_TRUE(order.alone_heads().empty());
  order.set_paused("b", false);
  EXPECT_EQ(order.alone_heads().begin()->id, first.id);
}

TEST_F(QueueOrderTest, TellsHowQueuesStand) {
  order.set_weight("media", 5);
  const auto oldest = add("default", "t");
  add("default", "u");
  add("default", "", Priority::low, true);
  const auto figures = order.figures();
  ASSERT_EQ(figures.size(), 2U);
  EXPECT_EQ(figures[0].name, "default");
  EXPECT_EQ(figures[0].ready, 3U);
  EXPECT_EQ(figures[0].oldest, oldest.run_at);
  EXPECT_EQ(figures[1].name, "media");
  EXPECT_EQ(figures[1].weight, 5U);
  EXPECT_EQ(figures[1].oldest, std::nullopt);
}

}  // namespace
}  // namespace darkroom::jobs
