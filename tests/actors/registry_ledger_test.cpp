#include "actors/registry_ledger.hpp"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/batch.hpp"
#include "jobs/transitions.hpp"
#include "persistence/job_store.hpp"
#include "persistence/packed_batch.hpp"

// What the ledger does while a batch is being written; all else of it is tested with the actor.

namespace darkroom::actors {
namespace {

using jobs::JobStatus;
using testing::SizeIs;

RegistryOptions steady_options() {
  RegistryOptions options;
  options.random = [] { return 0.5; };
  return options;
}

class RegistryLedgerTest : public testing::Test {
 protected:
  RegistryLedgerTest() {
    EXPECT_TRUE(ledger.load(now));
    EXPECT_TRUE(ledger.join({.worker = worker, .slots = 4, .accepts = 4, .held = {}}, now));
  }

  jobs::Job new_job() {
    auto job = jobs::make_job(jobs::JobId::generate(now.wall), jobs::default_preset(),
                              jobs::Original{}, now.wall, std::chrono::hours{24});
    return job;
  }

  jobs::Job create(jobs::Job job) { return ledger.create(std::move(job), now).value().job; }

  void write(const persistence::WriteSet& batch) { ledger.end_commit(store->commit(batch), now); }

  void fail() {
    ledger.end_commit(tl::unexpected{persistence::StoreError{
                          .code = persistence::StoreErrorCode::no_space, .message = "full"}},
                      now);
  }

  JobStatus status(const jobs::JobId& id) { return ledger.get(id).value().status; }

  std::shared_ptr<persistence::JobStore> store{persistence::make_memory_job_store()};
  RegistryLedger ledger{store, steady_options()};
  Now now{.wall = jobs::system_now(), .steady = std::chrono::steady_clock::now()};
  jobs::WorkerId worker{"worker-1", 1};
};

TEST_F(RegistryLedgerTest, WhatIsAskedForMeanwhileIsOfTheNextBatch) {
  const auto first = create(new_job());
  const auto batch = ledger.begin_commit();
  ASSERT_THAT(batch.jobs, SizeIs(1));
  EXPECT_EQ(ledger.staged(), 0U);

  const auto second = create(new_job());
  ASSERT_TRUE(ledger.cancel(first.id, now));
  write(batch);
  EXPECT_EQ(store->get(first.id).value(), first);
  EXPECT_EQ(store->get(second.id).value(), std::nullopt);

  write(ledger.begin_commit());
  EXPECT_EQ(store->get(first.id).value()->status, JobStatus::cancelled);
  EXPECT_EQ(store->get(second.id).value(), second);
  EXPECT_TRUE(ledger.begin_commit().empty());
}

TEST_F(RegistryLedgerTest, OnlyWhatIsWrittenIsDurable) {
  const auto job = create(new_job());
  EXPECT_FALSE(ledger.durable(job.id, now.wall));
  const auto batch = ledger.begin_commit();
  EXPECT_TRUE(ledger.is_staged(job.id));
  ASSERT_TRUE(ledger.cancel(job.id, now));
  EXPECT_FALSE(ledger.durable(job.id, now.wall));
  write(batch);
  EXPECT_EQ(ledger.durable(job.id, now.wall).value(), job);
  EXPECT_EQ(status(job.id), JobStatus::cancelled);
  write(ledger.begin_commit());
  EXPECT_EQ(ledger.durable(job.id, now.wall).value().status, JobStatus::cancelled);
}

TEST_F(RegistryLedgerTest, ABatchThatFailsTakesWhatStandsOnItAlong) {
  const auto kept = create(new_job());
  write(ledger.begin_commit());
  const auto lost = create(new_job());
  const auto leases = ledger.assign(now);
  ASSERT_THAT(leases, SizeIs(2));
  (void)ledger.begin_commit();

  // On top of it: one more job, and the end of one whose lease will never have been.
  const auto later = create(new_job());
  ASSERT_TRUE(ledger.cancel(kept.id, now));
  fail();

  EXPECT_EQ(ledger.staged(), 0U);
  EXPECT_EQ(ledger.get(kept.id).value(), kept);
  EXPECT_FALSE(ledger.get(lost.id));
  EXPECT_FALSE(ledger.get(later.id));
  for (const auto& lease : leases)
    EXPECT_FALSE(ledger.is_current(lease.task));
  // Credit and place in the queue are back: it is handed out again.
  const auto again = ledger.assign(now);
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].task.job, kept.id);
  EXPECT_TRUE(ledger.is_current(again[0].task));
  write(ledger.begin_commit());
  EXPECT_EQ(store->get(kept.id).value()->status, JobStatus::processing);
}

TEST_F(RegistryLedgerTest, EachChangeHasAHigherRevision) {
  const auto first = create(new_job());
  EXPECT_GE(first.revision,
            1'000U * static_cast<std::uint64_t>(now.wall.time_since_epoch().count()));
  const auto second = create(new_job());
  EXPECT_GT(second.revision, first.revision);
  ASSERT_TRUE(ledger.cancel(first.id, now));
  EXPECT_GT(ledger.get(first.id)->revision, second.revision);
  ASSERT_TRUE(ledger.retry(first.id, now));
  const auto sent_again = ledger.get(first.id)->revision;
  ASSERT_TRUE(ledger.remove(second.id, now));
  // The clock is set back, and what is committed is below what is staged on it.
  const auto batch = ledger.begin_commit();
  now.wall -= std::chrono::hours{3};
  const auto third = create(new_job());
  for (const auto& change : batch.jobs) {
    EXPECT_GT(change.revision, first.revision);
    EXPECT_LT(change.revision, third.revision);
    EXPECT_TRUE(!change.after || change.after->revision == change.revision);
  }
  EXPECT_GT(third.revision, sent_again);
  write(batch);
}

TEST_F(RegistryLedgerTest, RevisionsGoOnAfterARestartThoughTheClockWasSetBack) {
  const auto waiting = create(new_job());
  const auto done = create(new_job());
  ASSERT_TRUE(ledger.cancel(done.id, now));
  const auto last = ledger.get(done.id)->revision;
  write(ledger.begin_commit());
  const Now earlier{.wall = now.wall - std::chrono::hours{3}, .steady = now.steady};
  RegistryLedger after_finished{store, steady_options()};
  ASSERT_TRUE(after_finished.load(earlier));
  EXPECT_GT(after_finished.create(new_job(), earlier)->job.revision, last);
  ASSERT_TRUE(ledger.remove(done.id, now));
  write(ledger.begin_commit());
  RegistryLedger after_unfinished{store, steady_options()};
  ASSERT_TRUE(after_unfinished.load(earlier));
  EXPECT_GT(after_unfinished.create(new_job(), earlier)->job.revision, waiting.revision);
}

persistence::RecordChange change_of(const std::optional<jobs::Batch>& before,
                                    const std::optional<jobs::Batch>& after) {
  persistence::RecordChange change{.kind = persistence::Record::batch,
                                   .id = before ? before->id : after->id};
  if (before) change.before = persistence::pack_batch(*before);
  if (after) change.after = persistence::pack_batch(*after);
  return change;
}

TEST_F(RegistryLedgerTest, RecordsAreWrittenWithTheJobsTheyWereStagedWith) {
  const jobs::Batch batch{.id = jobs::JobId::generate(now.wall), .total = 2};
  auto changed = batch;
  changed.total = 3;
  const auto job = create(new_job());
  ledger.stage_record(change_of(std::nullopt, batch));
  EXPECT_EQ(ledger.staged(), 2U);
  const auto first = ledger.begin_commit();
  ASSERT_THAT(first.jobs, SizeIs(1));
  ASSERT_THAT(first.records, SizeIs(1));
  // Meanwhile it is known already, and changes once more.
  EXPECT_EQ(ledger.record(persistence::Record::batch, batch.id).value(),
            persistence::pack_batch(batch));
  ledger.stage_record(change_of(batch, changed));
  write(first);
  EXPECT_EQ(store->batch(batch.id).value(), batch);
  EXPECT_EQ(store->get(job.id).value(), job);
  write(ledger.begin_commit());
  EXPECT_EQ(store->batch(batch.id).value(), changed);
  EXPECT_EQ(ledger.record(persistence::Record::batch, batch.id).value(),
            persistence::pack_batch(changed));
}

TEST_F(RegistryLedgerTest, RecordsOfABatchThatFailsAreForgottenWithIt) {
  const jobs::Batch batch{.id = jobs::JobId::generate(now.wall), .total = 2};
  auto changed = batch;
  changed.total = 3;
  ledger.stage_record(change_of(std::nullopt, batch));
  (void)ledger.begin_commit();
  ledger.stage_record(change_of(batch, changed));
  fail();
  EXPECT_EQ(ledger.staged(), 0U);
  EXPECT_EQ(ledger.record(persistence::Record::batch, batch.id).value(), std::nullopt);
}

TEST_F(RegistryLedgerTest, ARecordThatComesAndGoesIsNotWritten) {
  const jobs::Batch batch{.id = jobs::JobId::generate(now.wall), .total = 2};
  ledger.stage_record(change_of(std::nullopt, batch));
  ledger.stage_record(change_of(batch, std::nullopt));
  EXPECT_TRUE(ledger.begin_commit().empty());
}

TEST_F(RegistryLedgerTest, AnIdempotencyKeyOfAnotherTenantIsAnotherKey) {
  for (const bool written : {false, true}) {
    for (const auto* tenant : {"", "anna", "bert"}) {
      auto job = new_job();
      job.tenant = tenant;
      job.idempotency = jobs::Idempotency{.key = "key", .fingerprint = tenant};
      const auto created = ledger.create(job, now);
      ASSERT_TRUE(created) << created.error().message;
      EXPECT_EQ(created->replayed, written);
    }
    write(ledger.begin_commit());
  }
}

TEST_F(RegistryLedgerTest, AnIdempotencyKeyCountsWhileItsJobIsBeingWritten) {
  auto job = new_job();
  job.idempotency = jobs::Idempotency{.key = "key", .fingerprint = "print"};
  create(job);
  const auto batch = ledger.begin_commit();
  auto same = new_job();
  same.idempotency = job.idempotency;
  const auto repeated = ledger.create(same, now);
  ASSERT_TRUE(repeated);
  EXPECT_TRUE(repeated->replayed);
  EXPECT_EQ(repeated->job.id, job.id);
  write(batch);
}

TEST_F(RegistryLedgerTest, AWorkerThatDiesBeforeItGotTheTaskCostsNothing) {
  const auto job = create(new_job());
  ASSERT_THAT(ledger.assign(now), SizeIs(1));
  ledger.lose(worker, "its process ended", now);
  ASSERT_EQ(ledger.get(job.id)->attempts.size(), 1U);
  EXPECT_EQ(ledger.get(job.id)->attempts[0].outcome, jobs::AttemptOutcome::handed_back);
  EXPECT_FALSE(ledger.get(job.id)->alone);
}

TEST_F(RegistryLedgerTest, TheGuiltyJobIsChargedThoughAnotherWasOnItsWay) {
  const auto guilty = create(new_job());
  const auto first = ledger.assign(now);
  ASSERT_THAT(first, SizeIs(1));
  write(ledger.begin_commit());
  ledger.note_sent(first[0].task, now);
  const auto next = create(new_job());
  const auto second = ledger.assign(now);
  ASSERT_THAT(second, SizeIs(1));
  // The connection breaks, the next task cannot be sent, then it is known how the process ended.
  ledger.strike_off(worker);
  ledger.not_sent(second[0].task, now);
  EXPECT_TRUE(ledger.get(guilty.id)->lease);
  ledger.lose(worker, "its process ended", now);
  EXPECT_EQ(ledger.get(guilty.id)->attempts[0].outcome, jobs::AttemptOutcome::crashed);
  EXPECT_EQ(ledger.get(next.id)->attempts[0].outcome, jobs::AttemptOutcome::handed_back);
}

TEST_F(RegistryLedgerTest, ANewJobGetsItsLeaseInABatchThatIsFull) {
  auto options = steady_options();
  options.batch_limit = 2;
  RegistryLedger full{store, options};
  ASSERT_TRUE(full.join({.worker = worker, .slots = 4, .accepts = 4, .held = {}}, now));
  ASSERT_TRUE(full.create(new_job(), now));
  ASSERT_TRUE(full.create(new_job(), now));
  EXPECT_THAT(full.assign(now), SizeIs(2));
  EXPECT_EQ(full.staged(), 2U);
}

}  // namespace
}  // namespace darkroom::actors
