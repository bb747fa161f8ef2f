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
  store->fail_from(1, persistence::StoreError{persistence::StoreErrorCode::no_space, "full"});
  caf::scoped_actor self{system()};
  const auto worker = start_worker("anna");
  self->send(registry, atom::join_v, WorkerHello{worker.id, 1, 1, {}}, worker.actor);
  advance(seconds{2});
  EXPECT_TRUE(worker.tasks->empty());
  EXPECT_TRUE(get(job.id).attempts.empty());
  store->heal();
  advance(seconds{1});
  EXPECT_EQ(worker.tasks->size(), 1U);
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
  die(anna);
  ASSERT_EQ(bert.tasks->size(), 1U) << "with no time passed";
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
  const auto job = create();
  const auto bounced = anna.tasks->back();
  ASSERT_TRUE(ask<atom::done>(
      registry, atom::finish_v,
      JobReport{anna.id, bounced.job, bounced.token, JobOutcome::handed_back, {}, {}}));
  EXPECT_EQ(anna.tasks->size(), 1U);
  ASSERT_TRUE(beat(anna, {}, 0));
  EXPECT_EQ(anna.tasks->size(), 1U);
  ASSERT_TRUE(beat(anna, {}, 1));
  EXPECT_EQ(anna.tasks->size(), 2U);
  EXPECT_EQ(get(job.id).attempts.size(), 2U);
}

TEST_F(JobRegistryWorkerTest, AFetchThatBouncesOffKeepsNoSlotFromAPicture) {
  const auto anna = join("anna");
  auto source = new_job();
  source.source_url = "https://example.org/a.png";
  create(source);
  const auto bounced = anna.tasks->back();
  ASSERT_TRUE(ask<atom::done>(
      registry, atom::finish_v,
      JobReport{anna.id, bounced.job, bounced.token, JobOutcome::handed_back, {}, {}}));
  EXPECT_EQ(anna.tasks->size(), 1U);
  const auto picture = create();
  ASSERT_EQ(anna.tasks->size(), 2U);
  EXPECT_EQ(anna.tasks->back().job, picture.id);
}

TEST_F(JobRegistryWorkerTest, TheSlotOfADeletedJobIsBusyUntilItsWorkerSaysOtherwise) {
  const auto anna = join("anna");
  const auto deleted = create();
  const auto waiting = create();
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, deleted.id));
  EXPECT_EQ(anna.tasks->size(), 1U);
  EXPECT_TRUE(get(waiting.id).attempts.empty());
  ASSERT_TRUE(beat(anna, {}, 1));
  EXPECT_EQ(anna.tasks->size(), 2U);
}

TEST_F(JobRegistryWorkerTest, AReportThatWasTakenIsTakenAgain) {
  const auto anna = join("anna");
  create();
  ASSERT_TRUE(complete(anna, anna.tasks->front()));
  EXPECT_TRUE(complete(anna, anna.tasks->front()));
  const jobs::JobError error{ErrorKind::permanent, "no image"};
  const auto failed = create();
  ASSERT_TRUE(fail(anna, anna.tasks->back(), error));
  EXPECT_TRUE(fail(anna, anna.tasks->back(), error));
  EXPECT_EQ(get(failed.id).attempts.size(), 1U);
  // Another story than the first one is still refused.
  EXPECT_EQ(complete(anna, anna.tasks->back()).error().code, ServiceErrorCode::stale_lease);
}

TEST_F(JobRegistryWorkerTest, TellsWhetherAWorkerIsThere) {
  const auto attendance = [this](const std::string& name) {
    return ask<Attendance>(registry, atom::joined_v, name).value();
  };
  const auto here = [&] { return std::optional{attendance("anna").here}; };
  EXPECT_FALSE(*here());
  const auto anna = join("anna");
  EXPECT_TRUE(*here());
  EXPECT_FALSE(attendance("anna").others);
  EXPECT_TRUE(attendance("bert").others);
  advance(seconds{9});
  EXPECT_FALSE(*here());
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
    die(worker);
  }
  const auto failed = get(job.id);
  EXPECT_EQ(failed.status, JobStatus::failed);
  EXPECT_EQ(failed.error_message,
            "The worker processing this image was lost 2 times, last bert: its process ended with "
            "signal 11 (Segmentation fault)");
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
  store->fail_from(1, persistence::StoreError{persistence::StoreErrorCode::no_space, "full"});
  EXPECT_EQ(complete(worker, worker.tasks->front()).error().code, ServiceErrorCode::store_full);
  EXPECT_EQ(get(job.id).status, JobStatus::processing);
  store->heal();
  EXPECT_TRUE(complete(worker, worker.tasks->front()));
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
}

TEST_F(JobRegistryWorkerTest, AFullDiskUnderAWorkerCostsTheJobNothing) {
  const auto worker = join("anna");
  const auto job = create();
  for (std::size_t given = 1; given <= 10; ++given) {
    ASSERT_EQ(worker.tasks->size(), given);
    ASSERT_TRUE(
        fail(worker, worker.tasks->back(), {ErrorKind::environment, "No space left on device"}));
    EXPECT_EQ(get(job.id).status, JobStatus::retrying);
    for (int wait = 0; wait < 40 && worker.tasks->size() == given; ++wait) {
      ASSERT_TRUE(beat(worker, {}));
      advance(seconds{2});
    }
  }
  EXPECT_TRUE(complete(worker, worker.tasks->back()));
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
}

TEST_F(JobRegistryWorkerTest, AReportThatDoesNotFitFailsTheAttemptAndIsNotSentForEver) {
  const auto worker = join("anna");
  const auto job = create();
  const auto& task = worker.tasks->front();
  ASSERT_TRUE(
      ask<atom::done>(registry, atom::finish_v,
                      JobReport{worker.id, task.job, task.token, JobOutcome::completed, {}, {}}));
  EXPECT_EQ(get(job.id).status, JobStatus::retrying);
  EXPECT_EQ(get(job.id).attempts[0].outcome, AttemptOutcome::failed);
  jobs::RenditionResult unknown;
  unknown.name = "no such rendition";
  EXPECT_FALSE(ask<atom::done>(registry, atom::rendition_v,
                               RenditionReport{worker.id, task.job, task.token, unknown}));
}

}  // namespace
}  // namespace darkroom::actors
