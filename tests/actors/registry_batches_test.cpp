#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/registry_ledger.hpp"
#include "jobs/transitions.hpp"
#include "persistence/job_store.hpp"
#include "tests/persistence/faulty_job_store.hpp"

// Batches in the ledger: made as a whole, completed once, with the last of their jobs.

namespace darkroom::actors {
namespace {

using jobs::JobStatus;
using std::chrono::hours;
using testing::IsEmpty;
using testing::SizeIs;

class RegistryBatches : public testing::Test {
 protected:
  RegistryBatches() {
    options.random = [] { return 0.5; };
    options.queue_limit = 10;
    restart();
  }

  /// The process dies, and what was staged with it.
  void restart() {
    ledger = std::make_unique<RegistryLedger>(store, options);
    ASSERT_TRUE(ledger->load(now));
    ASSERT_TRUE(ledger->join({.worker = worker, .slots = 4, .accepts = 4, .held = {}}, now));
  }

  [[nodiscard]] std::vector<jobs::Job> jobs_for(const jobs::Batch& batch, std::size_t count) const {
    std::vector<jobs::Job> made;
    for (std::size_t i = 0; i < count; ++i) {
      made.push_back(jobs::make_job(jobs::JobId::generate(now.wall), jobs::default_preset(),
                                    jobs::Original{}, now.wall, hours{24 + i},
                                    {.tenant = batch.tenant, .batch = batch.id}));
    }
    return made;
  }
  [[nodiscard]] jobs::Batch new_batch() const {
    return {.id = jobs::JobId::generate(now.wall), .tenant = "anna", .created_at = now.wall};
  }
  CreatedBatch create(std::size_t count) {
    const auto batch = new_batch();
    auto created = ledger->create_batch(batch, jobs_for(batch, count), now);
    EXPECT_TRUE(created) << created.error().message;
    return created.value_or(CreatedBatch{});
  }

  void commit() {
    const auto changes = ledger->begin_commit();
    if (!changes.empty()) ledger->end_commit(store->commit(changes), now);
  }
  void fail_commit() {
    if (!ledger->begin_commit().empty()) end_badly();
  }
  void end_badly() {
    ledger->end_commit(tl::unexpected{persistence::StoreError{
                           .code = persistence::StoreErrorCode::no_space, .message = "full"}},
                       now);
  }

  [[nodiscard]] std::optional<jobs::Batch> stored(const jobs::JobId& id) const {
    return store->batch(id).value();
  }
  [[nodiscard]] bool completed(const jobs::JobId& id) const {
    return stored(id).value().completed_at.has_value();
  }
  [[nodiscard]] std::vector<jobs::Job> jobs_of(const jobs::JobId& id) const {
    return store->find({.batch = id}, std::nullopt, most_batch_jobs).value().jobs;
  }

  RegistryOptions options;
  std::shared_ptr<persistence::FaultyJobStore> store =
      std::make_shared<persistence::FaultyJobStore>(persistence::make_memory_job_store());
  Now now{.wall = jobs::system_now(), .steady = std::chrono::steady_clock::now()};
  jobs::WorkerId worker{"worker-1", 1};
  std::unique_ptr<RegistryLedger> ledger;
};

TEST_F(RegistryBatches, AreMadeByOneCommitWithAllTheirJobs) {
  const auto created = create(3);
  EXPECT_EQ(created.batch.total, 3U);
  EXPECT_EQ(created.batch.expires_at, now.wall + hours{26}) << "when the last of its jobs does";
  const auto changes = ledger->begin_commit();
  EXPECT_THAT(changes.jobs, SizeIs(3));
  EXPECT_THAT(changes.records, SizeIs(1));
  ledger->end_commit(store->commit(changes), now);
  EXPECT_EQ(stored(created.batch.id), created.batch);
  EXPECT_THAT(jobs_of(created.batch.id), SizeIs(3));
}

TEST_F(RegistryBatches, ThatCannotBeWrittenLeaveNothing) {
  const auto created = create(3);
  fail_commit();
  EXPECT_EQ(ledger->staged(), 0U);
  for (const auto& job : created.jobs)
    EXPECT_FALSE(ledger->get(job.id));
  EXPECT_EQ(ledger->record(persistence::Record::batch, created.batch.id).value(), std::nullopt);
  create(10);
  commit();
  EXPECT_TRUE(ledger->assign(now).size() == 4) << "the queue has all of its room again";
}

TEST_F(RegistryBatches, AreTakenAsAWholeOrNotAtAll) {
  create(8);
  auto batch = new_batch();
  const auto refused = ledger->create_batch(batch, jobs_for(batch, 3), now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ServiceErrorCode::queue_full);
  const auto staged = ledger->staged();
  create(2);
  EXPECT_EQ(ledger->staged(), staged + 3) << "the refused one took no room";
  batch = new_batch();
  const auto never = ledger->create_batch(batch, jobs_for(batch, 11), now);
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code, ServiceErrorCode::batch_too_large);
}

TEST_F(RegistryBatches, OfAnotherFormAreRefused) {
  const auto refused = [&](auto&& spoil, std::size_t count = 2) {
    const auto batch = new_batch();
    auto wanted = jobs_for(batch, count);
    spoil(wanted);
    const auto outcome = ledger->create_batch(batch, std::move(wanted), now);
    return !outcome && outcome.error().code == ServiceErrorCode::bad_request;
  };
  EXPECT_TRUE(refused([](auto& wanted) { wanted.clear(); }));
  EXPECT_TRUE(refused([](auto&) {}, most_batch_jobs + 1));
  EXPECT_TRUE(refused([](auto& wanted) { wanted[1].tenant = "bert"; }));
  EXPECT_TRUE(refused([](auto& wanted) { wanted[1].batch.reset(); }));
  EXPECT_TRUE(refused([](auto& wanted) { wanted[1].id = wanted[0].id; }));
  EXPECT_TRUE(refused([](auto& wanted) { wanted[0].public_name = "a.jpg"; }));
  EXPECT_TRUE(
      refused([](auto& wanted) { wanted[1].idempotency = {.key = "k", .fingerprint = "f"}; }));
  EXPECT_EQ(ledger->staged(), 0U);
}

TEST_F(RegistryBatches, AreCompletedWithTheLastOfTheirJobsHoweverItEnds) {
  const auto created = create(4);
  commit();
  ASSERT_TRUE(ledger->cancel(created.jobs[0].id, now));
  ASSERT_TRUE(ledger->remove(created.jobs[1].id, now));
  commit();
  const auto leases = ledger->assign(now);
  ASSERT_THAT(leases, SizeIs(2));
  commit();
  const auto report = [&](std::size_t i) {
    return ledger->finish({.worker = worker,
                           .job = leases[i].task.job,
                           .token = leases[i].task.token,
                           .outcome = JobOutcome::failed,
                           .error = {jobs::ErrorKind::permanent, "no picture"},
                           .results = {}},
                          now);
  };
  ASSERT_TRUE(report(0));
  commit();
  EXPECT_FALSE(completed(created.batch.id));
  EXPECT_EQ(ledger->status(now).open_batches, 1U);
  now.wall += std::chrono::seconds{5};
  ASSERT_TRUE(report(1));
  const auto changes = ledger->begin_commit();
  EXPECT_THAT(changes.jobs, SizeIs(1));
  ASSERT_THAT(changes.records, SizeIs(1)) << "in the same commit";
  ledger->end_commit(store->commit(changes), now);
  EXPECT_EQ(stored(created.batch.id)->completed_at, now.wall);
  EXPECT_EQ(ledger->status(now).open_batches, 0U);
}

TEST_F(RegistryBatches, WhoseJobsAreRemovedOneByOneAreCompletedToo) {
  const auto created = create(2);
  ASSERT_TRUE(ledger->remove(created.jobs[0].id, now));
  ASSERT_TRUE(ledger->remove(created.jobs[1].id, now));
  commit();
  EXPECT_TRUE(completed(created.batch.id));
  EXPECT_THAT(jobs_of(created.batch.id), IsEmpty());
}

TEST_F(RegistryBatches, AreNotOpenedAnewByAJobThatIsSentAgain) {
  const auto created = create(1);
  ASSERT_TRUE(ledger->cancel(created.jobs[0].id, now));
  commit();
  const auto at = stored(created.batch.id)->completed_at;
  ASSERT_TRUE(at);
  now.wall += hours{1};
  ASSERT_TRUE(ledger->retry(created.jobs[0].id, now));
  commit();
  EXPECT_EQ(stored(created.batch.id)->completed_at, at);
  EXPECT_EQ(stored(created.batch.id)->expires_at, ledger->get(created.jobs[0].id)->expires_at)
      << "it is kept as long as its job";
  EXPECT_GT(stored(created.batch.id)->expires_at, created.batch.expires_at);
  ASSERT_TRUE(ledger->cancel(created.jobs[0].id, now));
  const auto changes = ledger->begin_commit();
  EXPECT_THAT(changes.records, IsEmpty());
  ledger->end_commit(store->commit(changes), now);
  EXPECT_EQ(stored(created.batch.id)->completed_at, at);
}

TEST_F(RegistryBatches, WhoseCompletionCannotBeWrittenAreCompletedTheNextTime) {
  const auto created = create(2);
  commit();
  ASSERT_TRUE(ledger->cancel(created.jobs[0].id, now));
  ASSERT_TRUE(ledger->cancel(created.jobs[1].id, now));
  fail_commit();
  EXPECT_FALSE(completed(created.batch.id));
  ASSERT_TRUE(ledger->cancel(created.jobs[0].id, now));
  commit();
  EXPECT_FALSE(completed(created.batch.id)) << "one of them waits again";
  ASSERT_TRUE(ledger->cancel(created.jobs[1].id, now));
  commit();
  EXPECT_TRUE(completed(created.batch.id));
}

TEST_F(RegistryBatches, AreCompletedAfterARestartByTheJobsThatAreLeft) {
  const auto created = create(3);
  ASSERT_TRUE(ledger->cancel(created.jobs[0].id, now));
  commit();
  ASSERT_TRUE(ledger->cancel(created.jobs[1].id, now));
  restart();  // That one is lost.
  ASSERT_TRUE(ledger->cancel(created.jobs[2].id, now));
  commit();
  EXPECT_FALSE(completed(created.batch.id));
  restart();
  ASSERT_TRUE(ledger->cancel(created.jobs[1].id, now));
  commit();
  EXPECT_TRUE(completed(created.batch.id));
}

TEST_F(RegistryBatches, WhoseRecordCannotBeReadAtTheirEndAreCompletedLater) {
  const auto created = create(1);
  commit();
  store->fail_records(true);
  ASSERT_TRUE(ledger->cancel(created.jobs[0].id, now));
  commit();
  EXPECT_TRUE(ledger->owes_batches());
  store->fail_records(false);
  EXPECT_FALSE(completed(created.batch.id));
  commit();
  EXPECT_TRUE(completed(created.batch.id)) << "with nothing else to write";
  EXPECT_FALSE(ledger->owes_batches());
}

TEST_F(RegistryBatches, WhoseRecordCouldNotBeReadBeforeTheProcessDiedAreCompletedByTheNext) {
  options.outbox.webhooks = true;
  options.outbox.url = "https://example.com/hook";
  restart();
  const auto waiting = create(1);
  const auto created = create(2);
  commit();
  const auto ended_at = now.wall += std::chrono::seconds{5};
  store->fail_records(true);
  for (const auto& job : created.jobs)
    ASSERT_TRUE(ledger->cancel(job.id, now));
  commit();
  now.wall += hours{1};
  restart();
  commit();
  EXPECT_TRUE(ledger->owes_batches()) << "it can be read as little as before";
  store->fail_records(false);
  commit();
  EXPECT_EQ(stored(created.batch.id)->completed_at, ended_at);
  EXPECT_FALSE(completed(waiting.batch.id));
  const auto told = store->deliveries_of(created.batch.id, 9).value();
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].due_at, now.wall) << "whoever looks for what is new has to see it";
  EXPECT_EQ(told[0].expires_at, now.wall + options.outbox.keep);
}

TEST_F(RegistryBatches, WhoseJobsAreGoneAreCompletedAtAStart) {
  const auto created = create(1);
  commit();
  store->fail_records(true);
  ASSERT_TRUE(ledger->remove(created.jobs[0].id, now));
  commit();
  store->fail_records(false);
  now.wall += hours{1};
  restart();
  commit();
  EXPECT_EQ(stored(created.batch.id)->completed_at, now.wall);
}

TEST_F(RegistryBatches, SentAgainWithTheirKeyAreTheSame) {
  for (const bool written : {false, true}) {
    const auto batch = new_batch();
    const auto with_key = [&](const jobs::Batch& of, const std::string& fingerprint) {
      auto wanted = jobs_for(of, 2);
      wanted[0].idempotency = {.key = written ? "k1" : "k2", .fingerprint = fingerprint};
      return ledger->create_batch(of, std::move(wanted), now);
    };
    const auto first = with_key(batch, "print");
    ASSERT_TRUE(first);
    EXPECT_FALSE(first->replayed);
    if (written) commit();
    const auto again = with_key(new_batch(), "print");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(again->replayed);
    EXPECT_EQ(again->batch, first->batch);
    EXPECT_THAT(again->jobs, testing::UnorderedElementsAreArray(first->jobs));
    const auto other = with_key(new_batch(), "another print");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, ServiceErrorCode::key_reused);
    EXPECT_NE(other.error().message.find(batch.id.to_string()), std::string::npos);
    auto job = jobs::make_job(jobs::JobId::generate(now.wall), jobs::default_preset(),
                              jobs::Original{}, now.wall, hours{24}, {.tenant = "anna"});
    job.idempotency = {.key = written ? "k1" : "k2", .fingerprint = "of one file"};
    EXPECT_EQ(ledger->create(job, now).error().code, ServiceErrorCode::key_reused);
    commit();
  }
}

TEST_F(RegistryBatches, ExpireBehindTheirJobs) {
  const auto created = create(2);
  const auto working = create(1);
  commit();
  EXPECT_EQ(ledger->expire_records(10, now).value(), 0U);
  ASSERT_TRUE(ledger->cancel(created.jobs[0].id, now));
  ASSERT_TRUE(ledger->cancel(created.jobs[1].id, now));
  commit();
  const auto leases = ledger->assign(now);
  ASSERT_THAT(leases, SizeIs(1));
  commit();
  now.wall += hours{30};
  EXPECT_THAT(ledger->expire_jobs(10, now)->jobs, SizeIs(2));
  EXPECT_EQ(ledger->expire_records(10, now).value(), 1U);
  EXPECT_EQ(ledger->expire_records(10, now).value(), 0U) << "it is staged already";
  commit();
  EXPECT_EQ(stored(created.batch.id), std::nullopt);
  EXPECT_TRUE(stored(working.batch.id)) << "a worker is busy with it";
  ASSERT_TRUE(ledger->remove(working.jobs[0].id, now));
  commit();
  EXPECT_TRUE(completed(working.batch.id));
  EXPECT_EQ(ledger->expire_records(10, now).value(), 1U);
}

TEST_F(RegistryBatches, GoInBoundedSteps) {
  for (int i = 0; i < 5; ++i) {
    const auto created = create(2);
    ASSERT_TRUE(ledger->remove(created.jobs[0].id, now));
    ASSERT_TRUE(ledger->remove(created.jobs[1].id, now));
  }
  commit();
  now.wall += hours{30};
  for (const auto removed : {2U, 2U, 1U, 0U}) {
    EXPECT_EQ(ledger->expire_records(2, now).value(), removed);
    commit();
  }
}

/// Whatever is done and lost, a batch that is not completed has a job that has not ended, in the
/// store at each moment, as long as records can be read.
TEST_F(RegistryBatches, AreNeverLeftOpenWithoutAJobToWaitFor) {
  std::mt19937 random{7};
  const auto any = [&](std::size_t below) { return random() % below; };
  std::vector<CreatedBatch> made;
  std::map<jobs::JobId, jobs::Timestamp> completions;
  std::size_t failures = 0;
  std::optional<persistence::WriteSet> under_way;
  const auto check = [&] {
    for (const auto& created : made) {
      const auto& id = created.batch.id;
      const auto kept = stored(id);
      if (!kept) continue;
      const auto there = jobs_of(id);
      const bool waits =
          std::ranges::any_of(there, [](const auto& j) { return !is_final(j.status); });
      ASSERT_TRUE(kept->completed_at || waits);
      if (!kept->completed_at) continue;
      const auto [first, is_new] = completions.try_emplace(id, *kept->completed_at);
      ASSERT_EQ(first->second, *kept->completed_at) << "completed twice";
    }
  };
  for (int step = 0; step < 8'000; ++step) {
    SCOPED_TRACE(step);
    now.wall += std::chrono::milliseconds{1};
    const auto what = any(100);
    const auto some_job = [&] {
      const auto& batch = made[any(made.size())];
      return batch.jobs[any(batch.jobs.size())].id;
    };
    if (made.empty() || what < 10) {
      const auto batch = new_batch();
      auto created = ledger->create_batch(batch, jobs_for(batch, 1 + any(4)), now);
      if (created) made.push_back(std::move(*created));
      // Those that have ended are of no more interest some time later, nor what is left of them.
      if (made.size() > 12) {
        for (const auto& job : made.front().jobs)
          (void)ledger->remove(job.id, now);
        made.erase(made.begin());
      }
    } else if (what < 30) {
      (void)ledger->cancel(some_job(), now);
    } else if (what < 40) {
      (void)ledger->remove(some_job(), now);
    } else if (what < 50) {
      (void)ledger->retry(some_job(), now);
    } else if (what < 60) {
      for (const auto& lease : ledger->assign(now)) {
        if (any(4) == 0) continue;
        (void)ledger->finish({.worker = worker,
                              .job = lease.task.job,
                              .token = lease.task.token,
                              .outcome = any(2) == 0 ? JobOutcome::failed : JobOutcome::handed_back,
                              .error = {jobs::ErrorKind::permanent, "no picture"},
                              .results = {}},
                             now);
      }
    } else if (under_way && what < 70) {
      ++failures;
      end_badly();
      under_way.reset();
    } else if (under_way && what < 97) {
      ledger->end_commit(store->commit(*under_way), now);
      under_way.reset();
    } else if (what < 97) {
      auto changes = ledger->begin_commit();
      if (!changes.empty()) under_way = std::move(changes);
    } else {
      under_way.reset();
      restart();
    }
    check();
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(completions.size(), 100U);
  EXPECT_GT(failures, 50U);
}

}  // namespace
}  // namespace darkroom::actors
