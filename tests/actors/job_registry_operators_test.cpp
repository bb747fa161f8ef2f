#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/actors/registry_fixture.hpp"

// Which worker gets jobs of which queue, and what operators do with queues and workers.

namespace darkroom::actors {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class JobRegistryOperatorsTest : public RegistryFixture {
 protected:
  jobs::Job create_in(const std::string& queue, bool alone = false) {
    auto job = new_job();
    job.queue = queue;
    job.alone = alone;
    return create(job);
  }

  ScriptedWorker join_for(const std::string& name, std::vector<std::string> queues,
                          std::uint32_t slots = 1, const std::string& node = {}) {
    const auto worker = start_worker(name);
    WorkerHello hello{worker.id, slots, slots, {}};
    hello.queues = std::move(queues);
    hello.node = node;
    EXPECT_TRUE(ask_to_join(hello, worker));
    run();
    return worker;
  }

  auto pause(const std::string& queue, bool paused = true) {
    return ask<atom::done>(registry, atom::pause_v, queue, paused);
  }
  auto drain(const std::string& name, bool drained = true) {
    return ask<WorkerList>(registry, atom::drain_v, name, drained);
  }

  QueueStatus queue(const std::string& name) {
    const auto status = ask<ServiceStatus>(registry, atom::status_v).value();
    const auto found = std::ranges::find(status.queues, name, &QueueStatus::name);
    return found == status.queues.end() ? QueueStatus{} : *found;
  }

  WorkerStatus worker(const std::string& name) {
    const auto list = ask<WorkerList>(registry, atom::workers_v).value();
    const auto found = std::ranges::find(list.workers, name, &WorkerStatus::name);
    return found == list.workers.end() ? WorkerStatus{} : *found;
  }

  static RegistryOptions two_queues() {
    RegistryOptions options;
    options.queue_weights = {{"media", 3}};
    return options;
  }
};

TEST_F(JobRegistryOperatorsTest, AWorkerGetsJobsOfItsQueuesOnly) {
  start_registry(two_queues());
  const auto media = join_for("media-worker", {"media"}, 4);
  create_in("default");
  EXPECT_TRUE(media.tasks->empty());
  const auto job = create_in("media");
  ASSERT_EQ(media.tasks->size(), 1U);
  EXPECT_EQ(media.tasks->front().job, job.id);
  const auto general = join_for("general", {});
  EXPECT_EQ(general.tasks->size(), 1U);
}

TEST_F(JobRegistryOperatorsTest, AWorkerWithCreditNeverIdlesBesideAJobOfOneOfItsQueues) {
  start_registry(two_queues());
  const auto media = join_for("media-worker", {"media"}, 8);
  const auto both = join_for("both", {"default", "media"}, 1);
  create_in("default");
  create_in("default");
  EXPECT_EQ(both.tasks->size(), 1U);
  create_in("media");
  EXPECT_EQ(media.tasks->size(), 1U) << "though an older job of another queue waits";
}

TEST_F(JobRegistryOperatorsTest, AJobThatMustRunAloneGoesToAWorkerOfItsQueue) {
  start_registry(two_queues());
  const auto other = join_for("a", {"default"}, 2);
  create_in("media", true);
  EXPECT_TRUE(other.tasks->empty());
  // It keeps nobody else's worker free meanwhile.
  create_in("default");
  EXPECT_EQ(other.tasks->size(), 1U);
  const auto media = join_for("b", {"media"}, 2);
  EXPECT_EQ(media.tasks->size(), 1U);
}

TEST_F(JobRegistryOperatorsTest, QueuesShareByWeight) {
  start_registry(two_queues());
  for (int i = 0; i < 40; ++i) {
    create_in("default");
    create_in("media");
  }
  const auto anna = join_for("anna", {}, 40);
  int media = 0;
  for (const auto& task : *anna.tasks)
    media += get(task.job).queue == "media" ? 1 : 0;
  EXPECT_EQ(media, 30);
}

TEST_F(JobRegistryOperatorsTest, JobsOfAPausedQueueWaitAndThoseThatRunGoOn) {
  start_registry(two_queues());
  const auto anna = join_for("anna", {}, 2);
  create_in("media");
  ASSERT_EQ(anna.tasks->size(), 1U);
  ASSERT_TRUE(pause("media"));
  create_in("media");
  EXPECT_EQ(anna.tasks->size(), 1U);
  EXPECT_TRUE(complete(anna, anna.tasks->front()));
  EXPECT_EQ(anna.tasks->size(), 1U);
  EXPECT_TRUE(queue("media").paused);
  EXPECT_EQ(queue("media").ready, 1U);
  EXPECT_EQ(queue("media").wanted_slots, 0U);
  create_in("default");
  EXPECT_EQ(anna.tasks->size(), 2U);
  ASSERT_TRUE(pause("media", false));
  EXPECT_EQ(anna.tasks->size(), 3U);
}

TEST_F(JobRegistryOperatorsTest, APauseOutlivesTheRegistry) {
  start_registry(two_queues());
  ASSERT_TRUE(pause("media"));
  kill(registry);
  start_registry(two_queues());
  EXPECT_TRUE(queue("media").paused);
  const auto anna = join_for("anna", {});
  create_in("media");
  EXPECT_TRUE(anna.tasks->empty());
  // Also where the configuration has no such queue any more.
  kill(registry);
  start_registry();
  EXPECT_TRUE(pause("media", false));
}

TEST_F(JobRegistryOperatorsTest, AnUnknownQueueIsRefusedWithThoseThereAre) {
  start_registry(two_queues());
  const auto refused = pause("medai");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ServiceErrorCode::unknown_queue);
  EXPECT_EQ(refused.error().message,
            "There is no queue \"medai\". The queues are: default, media.");
}

TEST_F(JobRegistryOperatorsTest, WhatCouldNotBeStoredIsNotInForce) {
  start_registry(two_queues());
  store->fail_from(1, persistence::StoreError{persistence::StoreErrorCode::no_space, "full"});
  EXPECT_EQ(pause("media").error().code, ServiceErrorCode::store_full);
  store->heal();
  EXPECT_FALSE(queue("media").paused);
  EXPECT_TRUE(pause("media"));
}

TEST_F(JobRegistryOperatorsTest, StatesOfOperatorsThatCannotBeReadEndTheStart) {
  ASSERT_TRUE(store->put_text("operators", R"({"schema":99})"));
  start_registry();
  EXPECT_FALSE(ask<ServiceStatus>(registry, atom::status_v));
}

TEST_F(JobRegistryOperatorsTest, ADrainedWorkerFinishesAndGetsNoMore) {
  start_registry();
  const auto anna = join_for("anna", {});
  const auto job = create();
  const auto drained = drain("anna");
  ASSERT_TRUE(drained) << drained.error().message;
  ASSERT_EQ(drained->workers.size(), 1U);
  EXPECT_EQ(drained->workers.front().busy, 1U);
  EXPECT_TRUE(complete(anna, anna.tasks->front()));
  EXPECT_EQ(get(job.id).status, jobs::JobStatus::completed);
  create();
  ASSERT_TRUE(beat(anna, {}));
  EXPECT_EQ(anna.tasks->size(), 1U);
  EXPECT_EQ(worker("anna").state, WorkerActivity::draining);
  EXPECT_EQ(queue("default").slots, 0U);
  ASSERT_TRUE(drain("anna", false));
  EXPECT_EQ(anna.tasks->size(), 2U);
}

TEST_F(JobRegistryOperatorsTest, WorkersAreListedInTheOrderOfTheirNumbers) {
  start_registry();
  for (const auto* name : {"n1-10", "n1-9", "n10-1"})
    join_for(name, {});
  const auto listed = ask<WorkerList>(registry, atom::workers_v);
  ASSERT_EQ(listed->workers.size(), 3U);
  EXPECT_EQ(listed->workers[0].name, "n1-9");
  EXPECT_EQ(listed->workers[1].name, "n1-10");
  EXPECT_EQ(listed->workers[2].name, "n10-1");
}

TEST_F(JobRegistryOperatorsTest, ANodeIsDrainedWithWorkersThatJoinLater) {
  start_registry();
  const auto first = join_for("n1-1", {}, 1, "n1");
  ASSERT_TRUE(drain("n1"));
  const auto second = join_for("n1-2", {}, 1, "n1");
  create();
  EXPECT_TRUE(first.tasks->empty());
  EXPECT_TRUE(second.tasks->empty());
  kill(registry);
  start_registry();
  const auto after = join_for("n1-1", {}, 1, "n1");
  EXPECT_TRUE(after.tasks->empty()) << "it outlives the registry";
  EXPECT_THAT(drain("n1-1", false).error().message, HasSubstr("resume n1"));
  ASSERT_TRUE(drain("n1", false));
  EXPECT_EQ(after.tasks->size(), 1U);
}

TEST_F(JobRegistryOperatorsTest, WhoIsNotHereCannotBeDrainedButResumed) {
  start_registry();
  EXPECT_THAT(drain("anna").error().message, HasSubstr("None is."));
  const auto anna = join_for("anna", {}, 1, "n1");
  EXPECT_THAT(drain("bert").error().message,
              AllOf(HasSubstr("\"bert\""), HasSubstr("Here are: anna, n1.")));
  ASSERT_TRUE(drain("anna"));
  lose(anna);
  const auto list = ask<WorkerList>(registry, atom::workers_v).value();
  EXPECT_TRUE(list.workers.empty());
  EXPECT_EQ(list.drained, std::vector<std::string>{"anna"});
  EXPECT_TRUE(drain("anna", false));
}

TEST_F(JobRegistryOperatorsTest, TellsHowWorkersStand) {
  start_registry();
  const auto joined_at = now();
  const auto anna = join_for("anna", {"default"}, 2);
  EXPECT_EQ(worker("anna").state, WorkerActivity::idle);
  EXPECT_EQ(worker("anna").node, "anna") << "a node of its own";
  create();
  EXPECT_EQ(worker("anna").state, WorkerActivity::working);
  EXPECT_EQ(worker("anna").busy, 1U);
  EXPECT_EQ(worker("anna").slots, 2U);
  EXPECT_EQ(worker("anna").joined_at, joined_at);
  advance(std::chrono::seconds{5});
  EXPECT_EQ(worker("anna").state, WorkerActivity::silent);
  EXPECT_GE(worker("anna").silent_ms, 5'000U);
  ASSERT_TRUE(beat(anna, {anna.tasks->front().token}, 0));
  EXPECT_EQ(worker("anna").state, WorkerActivity::draining) << "it says that it will stop";
}

TEST_F(JobRegistryOperatorsTest, TellsWhatToScaleBy) {
  start_registry(two_queues());
  const auto anna = join_for("anna", {"media"}, 2);
  const auto since = now();
  for (int i = 0; i < 3; ++i)
    create_in("media");
  create_in("default");
  const auto media = queue("media");
  EXPECT_EQ(media.weight, 3U);
  EXPECT_EQ(media.processing, 2U);
  EXPECT_EQ(media.ready, 1U);
  EXPECT_EQ(media.oldest_ready, since);
  EXPECT_EQ(media.workers, 1U);
  EXPECT_EQ(media.slots, 2U);
  EXPECT_EQ(media.wanted_slots, 3U);
  EXPECT_EQ(queue("default").slots, 0U);
  EXPECT_EQ(queue("default").wanted_slots, 1U);
  ASSERT_TRUE(fail(anna, anna.tasks->front(), {jobs::ErrorKind::transient, "no luck"}));
  EXPECT_EQ(queue("media").later, 1U);
}

}  // namespace
}  // namespace darkroom::actors
