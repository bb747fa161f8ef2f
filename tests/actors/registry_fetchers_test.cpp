#include <algorithm>
#include <memory>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "tests/actors/registry_fixture.hpp"

// What the registry makes of jobs whose pictures are to be fetched, and of workers that fetch them
// or do not: what operators see, and what nodes scale by.

namespace darkroom::actors {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class RegistryFetchersTest : public RegistryFixture {
 protected:
  RegistryFetchersTest() : before_(spdlog::default_logger()) {
    auto logger = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_st>(text_));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(logger);
    start_registry();
  }
  ~RegistryFetchersTest() override { spdlog::set_default_logger(before_); }

  /// What was logged since the last call.
  std::string log() {
    const auto text = text_.str();
    text_.str({});
    return text;
  }

  jobs::Job create_source() {
    auto job = new_job();
    job.source_url = "https://example.org/a.png";
    return create(job);
  }

  ScriptedWorker join_node(const std::string& node, std::uint32_t fetches) {
    const auto worker = start_worker(node + "-1");
    EXPECT_TRUE(ask_to_join({.worker = worker.id,
                             .slots = 1,
                             .accepts = 1,
                             .held = {},
                             .node = node,
                             .fetches = fetches},
                            worker));
    run();
    return worker;
  }

  QueueStatus queue() { return ask<ServiceStatus>(registry, atom::status_v)->queues.at(0); }

  /// Jobs that wait and that run, as the node is told.
  std::pair<std::uint64_t, std::uint64_t> demand(const std::string& node, bool fetches = true) {
    const auto told = ask<Demand>(registry, atom::demand_v,
                                  DemandQuery{.node = node, .queues = {}, .fetches = fetches});
    return {told->waiting, told->running};
  }

  /// For so long, as often as a worker gives a sign of life.
  void live(const ScriptedWorker& worker, seconds time) {
    for (seconds passed{0}; passed < time; passed += seconds{2}) {
      ASSERT_TRUE(beat(worker, {}));
      advance(seconds{2});
    }
  }

 private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_;
};

TEST_F(RegistryFetchersTest, CountsAmongTheWorkersOfAQueueThoseThatFetch) {
  join("anna", 2, {}, 1, 0);
  create_source();
  EXPECT_EQ(queue().workers, 1U);
  EXPECT_EQ(queue().slots, 2U);
  EXPECT_EQ(queue().fetchers, 0U);
  EXPECT_EQ(queue().ready, 1U);
  EXPECT_EQ(queue().to_fetch, 1U);
  const auto bert = join("bert", 1, {}, 1, 1);
  EXPECT_EQ(bert.tasks->size(), 1U);
  EXPECT_EQ(queue().workers, 2U);
  EXPECT_EQ(queue().fetchers, 1U);
  EXPECT_EQ(queue().ready, 0U);
  EXPECT_EQ(queue().to_fetch, 0U);
  ASSERT_TRUE(ask<WorkerList>(registry, atom::drain_v, std::string{"bert"}, true));
  EXPECT_EQ(queue().fetchers, 0U);
}

TEST_F(RegistryFetchersTest, WarnsOnceOfJobsThatNobodyFetches) {
  const auto anna = join("anna", 1, {}, 1, 0);
  create_source();
  live(anna, seconds{6});
  EXPECT_THAT(log(), Not(HasSubstr("fetch"))) << "somebody may be about to join";
  live(anna, seconds{4});
  EXPECT_THAT(log(), AllOf(HasSubstr("warning jobs wait for their pictures to be fetched"),
                           HasSubstr("queue=default")));
  create_source();
  live(anna, seconds{20});
  EXPECT_THAT(log(), Not(HasSubstr("fetch"))) << "once is enough";

  const auto bert = join("bert", 1, {}, 1, 2);
  live(anna, seconds{2});
  EXPECT_EQ(bert.tasks->size(), 2U);
  EXPECT_THAT(log(), HasSubstr("info jobs wait no more for a worker that fetches, or their queue "
                               "is paused queue=defau"));
  lose(bert);
  live(anna, seconds{12});
  EXPECT_THAT(log(), HasSubstr("warning jobs wait for their pictures")) << "it is so again";
}

TEST_F(RegistryFetchersTest, WarnsOfNothingWhereAnOperatorHoldsTheQueue) {
  ASSERT_TRUE(ask<atom::done>(registry, atom::pause_v, std::string{"default"}, true));
  const auto anna = join("anna", 1, {}, 1, 0);
  create_source();
  live(anna, seconds{20});
  EXPECT_THAT(log(), Not(HasSubstr("fetch")));
}

TEST_F(RegistryFetchersTest, FetchesCallForNoSlotsButForSomebodyToDoThem) {
  for (int i = 0; i < 5; ++i)
    create_source();
  EXPECT_EQ(demand("paris"), std::pair(1UL, 0UL)) << "one process fetches them all";
  EXPECT_EQ(demand("paris", false), std::pair(0UL, 0UL)) << "it would not fetch";
  create();
  create();
  EXPECT_EQ(demand("paris"), std::pair(2UL, 0UL));

  const auto worker = join_node("paris", 4);
  ASSERT_EQ(worker.tasks->size(), 5U) << "four fetches, and a job in its slot";
  EXPECT_EQ(demand("paris"), std::pair(1UL, 1UL));
  for (int i = 0; i < 2; ++i) {
    const auto running =
        std::ranges::find_if(*worker.tasks, [](const Task& task) { return !must_fetch(task); });
    ASSERT_NE(running, worker.tasks->end());
    const auto task = *running;
    worker.tasks->erase(running);
    ASSERT_TRUE(complete(worker, task));
  }
  EXPECT_EQ(demand("paris"), std::pair(1UL, 1UL)) << "five fetches, four at once";
  EXPECT_EQ(demand("paris", false), std::pair(0UL, 1UL)) << "it must not go meanwhile";
  EXPECT_EQ(demand("london", false), std::pair(0UL, 0UL)) << "nothing for that one";
  for (int i = 0; i < 4; ++i)
    create_source();
  EXPECT_EQ(demand("paris"), std::pair(2UL, 1UL)) << "nine fetches";
  EXPECT_EQ(queue().wanted_slots, 3U);
}

TEST_F(RegistryFetchersTest, FetchesAreNoWantedSlotsBesideOthers) {
  for (int i = 0; i < 3; ++i)
    create_source();
  EXPECT_EQ(queue().wanted_slots, 1U);
  create();
  create();
  EXPECT_EQ(queue().wanted_slots, 2U);
  const auto worker = join_node("paris", 2);
  ASSERT_EQ(worker.tasks->size(), 3U);
  EXPECT_EQ(queue().processing, 3U);
  EXPECT_EQ(queue().wanted_slots, 2U);
  ASSERT_TRUE(ask<atom::done>(registry, atom::pause_v, std::string{"default"}, true));
  EXPECT_EQ(queue().wanted_slots, 1U) << "the job that runs";
}

TEST_F(RegistryFetchersTest, AFetchThatIsLostLeavesItsWorkersSlotsFree) {
  const auto worker = join_node("paris", 1);
  const auto lost = jobs::LeaseToken::generate();
  const Heartbeat beat{
      .worker = worker.id, .accepts = 1, .held = {lost}, .fetches = 1, .fetching = {lost}};
  EXPECT_EQ(ask<HeartbeatReply>(registry, atom::heartbeat_v, beat)->lost, beat.held);
  EXPECT_EQ(ask<WorkerList>(registry, atom::workers_v)->workers.at(0).busy, 0U);
  create_source();
  EXPECT_EQ(worker.tasks->size(), 0U) << "who fetches is busy until it has heard of it";
  create();
  EXPECT_EQ(worker.tasks->size(), 1U);
}

TEST_F(RegistryFetchersTest, AJobThatIsLostLeavesWhoFetchesFree) {
  const auto worker = join_node("paris", 1);
  const auto lost = jobs::LeaseToken::generate();
  ASSERT_TRUE(ask<HeartbeatReply>(
      registry, atom::heartbeat_v,
      Heartbeat{.worker = worker.id, .accepts = 1, .held = {lost}, .fetches = 1}));
  EXPECT_EQ(ask<WorkerList>(registry, atom::workers_v)->workers.at(0).busy, 1U);
  create();
  EXPECT_EQ(worker.tasks->size(), 0U);
  create_source();
  EXPECT_EQ(worker.tasks->size(), 1U);
}

}  // namespace
}  // namespace darkroom::actors
