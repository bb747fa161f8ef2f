#include <gtest/gtest.h>

#include "tests/actors/registry_fixture.hpp"

// The job registry towards its workers: leases, credit, reports, loss.

namespace darkroom::actors {
namespace {

using jobs::AttemptOutcome;
using jobs::ErrorKind;
using jobs::JobStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;

class JobRegistryWorkerTest : public RegistryFixture {
 protected:
  JobRegistryWorkerTest() { start_registry(); }
};

TEST_F(JobRegistryWorkerTest, AWaitingJobGoesToAWorkerThatJoins) {
  const auto job = create();
  const auto worker = join("anna");
  ASSERT_EQ(worker.tasks->size(), 1U);
  EXPECT_EQ(worker.tasks->front().job, job.id);
  EXPECT_EQ(worker.tasks->front().attempt, 1U);
  EXPECT_EQ(worker.tasks->front().renditions, jobs::default_preset().renditions);
}

TEST_F(JobRegistryWorkerTest, TheAttemptIsDurableBeforeTheWorkerHearsOfIt) {
  const auto worker = join("anna");
  const auto job = create();
  ASSERT_EQ(worker.tasks->size(), 1U);
  const auto stored = *store->get(job.id).value();
  EXPECT_EQ(stored.status, JobStatus::processing);
  ASSERT_EQ(stored.attempts.size(), 1U);
  EXPECT_EQ(stored.attempts[0].worker, "anna");
}

TEST_F(JobRegistryWorkerTest, NoLeaseGoesOutThatCouldNotBeWritten) {
  const auto job = create();
  store->fail_with = persistence::StoreError{persistence::StoreErrorCode::no_space, "full"};
  caf::scoped_actor self{system()};
  auto tasks = std::make_shared<std::vector<Task>>();
  auto worker = keep(system().spawn([tasks]() -> WorkerActor::behavior_type {
    return {[tasks](atom::run, const Task& task) { tasks->push_back(task); }};
  }));
  self->send(registry, atom::join_v, WorkerHello{{"anna", 1}, 1, 1, {}}, worker);
  advance(seconds{2});
  EXPECT_TRUE(tasks->empty());
  EXPECT_TRUE(get(job.id).attempts.empty());
  store->fail_with.reset();
  advance(seconds{1});
  EXPECT_EQ(tasks->size(), 1U);
}

TEST_F(JobRegistryWorkerTest, AWorkerNeverGetsMoreThanItsSlots) {
  const auto worker = join("anna", 2);
  for (int i = 0; i < 5; ++i)
    create();
  EXPECT_EQ(worker.tasks->size(), 2U);
  EXPECT_TRUE(complete(worker, worker.tasks->front()));
  EXPECT_EQ(worker.tasks->size(), 3U);
}

TEST_F(JobRegistryWorkerTest, ACompletedJobHasItsRenditions) {
  const auto worker = join("anna");
  const auto job = create();
  ASSERT_TRUE(complete(worker, worker.tasks->front()));
  const auto done = get(job.id);
  EXPECT_EQ(done.status, JobStatus::completed);
  EXPECT_EQ(done.attempts.back().outcome, AttemptOutcome::completed);
  for (const auto& rendition : done.renditions) {
    EXPECT_EQ(rendition.status, jobs::RenditionStatus::completed);
    EXPECT_EQ(rendition.width, 3U);
  }
}

TEST_F(JobRegistryWorkerTest, WhatTheWorkerFoundInThePixelsIsInTheJob) {
  const auto worker = join("anna");
  const auto job = create();
  const auto& task = worker.tasks->front();
  JobReport report{worker.id, task.job, task.token, JobOutcome::completed, {}, {}};
  for (const auto& spec : task.renditions)
    report.results.emplace_back().name = spec.name;
  report.findings = {.blurhash = "LEHV6nWB2yk8", .dominant_colour = "#336699"};
  ASSERT_TRUE(ask<atom::done>(registry, atom::finish_v, report));
  const auto stored = *store->get(job.id).value();
  EXPECT_EQ(stored.original.blurhash, "LEHV6nWB2yk8");
  EXPECT_EQ(stored.original.dominant_colour, "#336699");
}

TEST_F(JobRegistryWorkerTest, RenditionsShowBeforeTheJobIsDone) {
  const auto worker = join("anna");
  const auto job = create();
  const auto& task = worker.tasks->front();
  jobs::RenditionResult result;
  result.name = "thumbnail";
  ASSERT_TRUE(ask<atom::done>(registry, atom::rendition_v,
                              RenditionReport{worker.id, task.job, task.token, result}));
  EXPECT_EQ(get(job.id).renditions[2].status, jobs::RenditionStatus::completed);
  EXPECT_EQ(get(job.id).renditions[0].status, jobs::RenditionStatus::pending);
  EXPECT_EQ(get(job.id).status, JobStatus::processing);
}

TEST_F(JobRegistryWorkerTest, AKilledWorkersJobGoesToAnotherAtOnce) {
  const auto anna = join("anna");
  const auto job = create();
  const auto bert = join("bert");
  kill(anna.actor);
  ASSERT_EQ(bert.tasks->size(), 1U);
  EXPECT_EQ(bert.tasks->front().attempt, 2U);
  EXPECT_EQ(get(job.id).attempts[0].outcome, AttemptOutcome::crashed);
}

TEST_F(JobRegistryWorkerTest, ASilentWorkersJobGoesToAnotherWhenItsLeaseRunsOut) {
  const auto anna = join("anna");
  const auto job = create();
  const auto bert = join("bert");
  for (int i = 0; i < 3; ++i) {
    advance(milliseconds{2'500});
    ASSERT_TRUE(beat(bert, {}));
  }
  EXPECT_TRUE(bert.tasks->empty());
  advance(milliseconds{1'000});
  ASSERT_EQ(bert.tasks->size(), 1U);
  // The first one wakes up, and its result counts no more.
  EXPECT_EQ(complete(anna, anna.tasks->front()).error().code, ServiceErrorCode::stale_lease);
  EXPECT_EQ(get(job.id).status, JobStatus::processing);
  EXPECT_TRUE(complete(bert, bert.tasks->front()));
}

TEST_F(JobRegistryWorkerTest, AFrozenWorkerIsNotHandedTheJobAgain) {
  const auto anna = join("anna");
  const auto job = create();
  advance(seconds{60});
  EXPECT_EQ(anna.tasks->size(), 1U);
  EXPECT_EQ(get(job.id).status, JobStatus::pending);
  EXPECT_EQ(get(job.id).attempts.size(), 1U);
  EXPECT_EQ(beat(anna, {}).error().code, ServiceErrorCode::unknown_worker);
}

TEST_F(JobRegistryWorkerTest, HeartbeatsKeepALeaseForAsLongAsItTakes) {
  const auto anna = join("anna");
  const auto bert = join("bert");
  create();
  const auto& holder = anna.tasks->empty() ? bert : anna;
  const auto& other = anna.tasks->empty() ? anna : bert;
  for (int i = 0; i < 30; ++i) {
    advance(seconds{2});
    ASSERT_TRUE(beat(other, {}));
    ASSERT_TRUE(beat(holder, {holder.tasks->front().token})->lost.empty());
  }
  EXPECT_TRUE(other.tasks->empty());
  EXPECT_TRUE(complete(holder, holder.tasks->front()));
}

TEST_F(JobRegistryWorkerTest, AJobThatBouncesOffABusyWorkerWaitsForItsNextHeartbeat) {
  const auto anna = join("anna");
  const auto deleted = create();
  const auto waiting = create();
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, deleted.id));
  // The registry thinks the slot free, but the worker is busy with what was deleted.
  ASSERT_EQ(anna.tasks->size(), 2U);
  const auto bounced = anna.tasks->back();
  ASSERT_TRUE(ask<atom::done>(
      registry, atom::finish_v,
      JobReport{anna.id, bounced.job, bounced.token, JobOutcome::handed_back, {}, {}}));
  EXPECT_EQ(anna.tasks->size(), 2U);
  ASSERT_TRUE(beat(anna, {}, 0));
  EXPECT_EQ(anna.tasks->size(), 2U);
  ASSERT_TRUE(beat(anna, {}, 1));
  EXPECT_EQ(anna.tasks->size(), 3U);
  EXPECT_EQ(get(waiting.id).attempts.size(), 2U);
}

TEST_F(JobRegistryWorkerTest, ALostLeaseIsASlotThatIsBusyStill) {
  const auto anna = join("anna");
  const auto deleted = create();
  const auto token = anna.tasks->front().token;
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, deleted.id));
  ASSERT_EQ(beat(anna, {token})->lost.size(), 1U);
  create();
  EXPECT_EQ(anna.tasks->size(), 1U);
}

TEST_F(JobRegistryWorkerTest, AStallOfTheRegistryItselfCostsNoWorkerItsJob) {
  const auto anna = join("anna");
  const auto job = create();
  const auto token = anna.tasks->front().token;
  // Time passes in one jump, and the heartbeat is read after the tick that was due in it.
  jump(seconds{20});
  ASSERT_TRUE(beat(anna, {token}));
  advance(seconds{1});
  EXPECT_EQ(get(job.id).attempts.size(), 1U);
  EXPECT_TRUE(complete(anna, anna.tasks->front()));
}

TEST_F(JobRegistryWorkerTest, AWorkerIsToldWhichLeasesItLost) {
  const auto anna = join("anna");
  const auto job = create();
  const auto token = anna.tasks->front().token;
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, job.id));
  EXPECT_EQ(beat(anna, {token})->lost, std::vector{token});
}

TEST_F(JobRegistryWorkerTest, AJobThatKillsTwoWorkersHasFailed) {
  const auto job = create();
  for (const auto* name : {"anna", "bert"}) {
    const auto worker = join(name);
    ASSERT_EQ(worker.tasks->size(), 1U);
    kill(worker.actor);
  }
  const auto failed = get(job.id);
  EXPECT_EQ(failed.status, JobStatus::failed);
  EXPECT_NE(failed.error_message->find("bert"), std::string::npos) << *failed.error_message;
  EXPECT_TRUE(join("carl").tasks->empty());
}

TEST_F(JobRegistryWorkerTest, ATransientErrorIsTriedAgainAfterItsWait) {
  const auto worker = join("anna");
  const auto job = create();
  ASSERT_TRUE(fail(worker, worker.tasks->front(), {ErrorKind::transient, "The disk was busy."}));
  EXPECT_EQ(get(job.id).status, JobStatus::retrying);
  advance(milliseconds{900});
  EXPECT_EQ(worker.tasks->size(), 1U);
  advance(milliseconds{500});
  EXPECT_EQ(worker.tasks->size(), 2U);
}

TEST_F(JobRegistryWorkerTest, APermanentErrorIsNotTriedAgain) {
  const auto worker = join("anna");
  const auto job = create();
  ASSERT_TRUE(fail(worker, worker.tasks->front(), {ErrorKind::permanent, "Corrupted image file."}));
  EXPECT_EQ(get(job.id).status, JobStatus::failed);
  EXPECT_EQ(get(job.id).error_message, "Corrupted image file.");
  advance(seconds{30});
  EXPECT_EQ(worker.tasks->size(), 1U);
}

TEST_F(JobRegistryWorkerTest, AReportThatCannotBeWrittenCanBeSentAgain) {
  const auto worker = join("anna");
  const auto job = create();
  store->fail_with = persistence::StoreError{persistence::StoreErrorCode::no_space, "full"};
  EXPECT_EQ(complete(worker, worker.tasks->front()).error().code, ServiceErrorCode::store_full);
  EXPECT_EQ(get(job.id).status, JobStatus::processing);
  store->fail_with.reset();
  EXPECT_TRUE(complete(worker, worker.tasks->front()));
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
}

TEST_F(JobRegistryWorkerTest, AWorkerThatLeavesHandsItsJobsBackAtNoCost) {
  const auto anna = join("anna");
  const auto job = create();
  ASSERT_TRUE(ask<atom::done>(registry, atom::leave_v, anna.id));
  EXPECT_EQ(get(job.id).status, JobStatus::pending);
  EXPECT_EQ(get(job.id).attempts[0].outcome, AttemptOutcome::handed_back);
  EXPECT_EQ(beat(anna, {}).error().code, ServiceErrorCode::unknown_worker);
}

TEST_F(JobRegistryWorkerTest, ADrainingWorkerGetsNoNewJobs) {
  const auto anna = join("anna");
  ASSERT_TRUE(beat(anna, {}, 0));
  create();
  EXPECT_TRUE(anna.tasks->empty());
}

TEST_F(JobRegistryWorkerTest, AWorkerKeepsItsLeaseOverARestartOfTheRegistry) {
  const auto before = join("anna");
  const auto job = create();
  const auto task = before.tasks->front();
  kill(registry);
  start_registry();
  const auto after = join("anna", 1, {task.token});
  EXPECT_TRUE(after.tasks->empty());
  EXPECT_TRUE(complete(after, task));
  EXPECT_EQ(get(job.id).attempts.size(), 1U);
}

TEST_F(JobRegistryWorkerTest, ALeaseThatTheWorkerDoesNotKnowOfGoesBackIntoTheQueue) {
  const auto before = join("anna");
  const auto job = create();
  kill(registry);
  start_registry();
  const auto after = join("anna", 1, {});
  ASSERT_EQ(after.tasks->size(), 1U);
  EXPECT_EQ(after.tasks->front().job, job.id);
  EXPECT_EQ(get(job.id).attempts[0].outcome, AttemptOutcome::handed_back);
}

TEST_F(JobRegistryWorkerTest, LeasesOfDeadChildrenRunAgainAtOnceAfterARestart) {
  join("anna");
  const auto job = create();
  kill(registry);
  RegistryOptions options;
  options.leases_die_with_process = true;
  start_registry(options);
  EXPECT_EQ(get(job.id).status, JobStatus::pending);
  EXPECT_EQ(join("anna", 1, {}, 2).tasks->size(), 1U);
}

TEST_F(JobRegistryWorkerTest, ARestartedWorkerReplacesItsGhost) {
  const auto ghost = join("anna", 1, {}, 1);
  const auto job = create();
  const auto reborn = join("anna", 1, {}, 2);
  ASSERT_EQ(reborn.tasks->size(), 1U);
  kill(ghost.actor);  // Late news of the ghost concern nobody.
  EXPECT_TRUE(complete(reborn, reborn.tasks->front()));
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
}

}  // namespace
}  // namespace darkroom::actors
