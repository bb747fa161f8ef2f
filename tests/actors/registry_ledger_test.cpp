#include "actors/registry_ledger.hpp"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/transitions.hpp"
#include "persistence/job_store.hpp"

// What the ledger does while a batch is being written; all else of it is tested with the actor.

namespace darkroom::actors {
namespace {

using jobs::JobStatus;
using testing::IsEmpty;
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

  void write(const std::vector<persistence::JobChange>& batch) {
    ledger.end_commit(store->commit(batch), now);
  }

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
  ASSERT_THAT(batch, SizeIs(1));
  EXPECT_EQ(ledger.staged(), 0U);

  const auto second = create(new_job());
  ASSERT_TRUE(ledger.cancel(first.id, now));
  write(batch);
  EXPECT_EQ(store->get(first.id).value(), first);
  EXPECT_EQ(store->get(second.id).value(), std::nullopt);

  write(ledger.begin_commit());
  EXPECT_EQ(store->get(first.id).value()->status, JobStatus::cancelled);
  EXPECT_EQ(store->get(second.id).value(), second);
  EXPECT_THAT(ledger.begin_commit(), IsEmpty());
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
