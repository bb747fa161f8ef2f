#include "actors/job_counts.hpp"

#include <gtest/gtest.h>

#include "tests/actors/registry_fixture.hpp"

namespace darkroom::actors {
namespace {

using jobs::AttemptOutcome;
using jobs::JobStatus;

class JobCountsTest : public RegistryFixture {
 protected:
  JobCounts counts() { return ask<ServiceStatus>(registry, atom::status_v)->counts; }

  static std::uint64_t of(const JobCounts& counts, JobStatus status) {
    return counts.ended.at(static_cast<std::size_t>(status));
  }
  static std::uint64_t of(const JobCounts& counts, AttemptOutcome outcome) {
    return counts.attempts.at(static_cast<std::size_t>(outcome));
  }
  static jobs::Histogram time_of(const JobCounts& counts, AttemptOutcome outcome) {
    return counts.attempt_time.at(static_cast<std::size_t>(outcome));
  }
  static jobs::Histogram time_of(const JobCounts& counts, JobStatus status) {
    return counts.job_time.at(static_cast<std::size_t>(status));
  }

  /// In seconds of all together.
  static double sum(const jobs::Histogram& histogram) {
    return static_cast<double>(histogram.microseconds) / 1e6;
  }

  /// The same as complete(), with renditions that took and weigh something.
  tl::expected<atom::done, ServiceError> make_all(const ScriptedWorker& worker, const Task& task) {
    JobReport report{worker.id, task.job, task.token, JobOutcome::completed, {}, {}};
    for (const auto& spec : task.renditions) {
      jobs::RenditionResult result;
      result.name = spec.name;
      result.bytes = 1'000;
      result.milliseconds = 250;
      report.results.push_back(result);
    }
    return ask<atom::done>(registry, atom::finish_v, report);
  }
};

TEST_F(JobCountsTest, CountWhatBecameOfJobsAndAttempts) {
  start_registry();
  auto anna = join("anna");
  const auto first = create();
  ASSERT_TRUE(complete(anna, anna.tasks->back()));
  const auto second = create();
  die(anna);
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::cancel_v, second.id));
  EXPECT_FALSE(complete(anna, anna.tasks->back()));
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::retry_v, second.id));
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, first.id));
  const auto now = counts();
  EXPECT_EQ(now.created, 2U);
  EXPECT_EQ(now.removed, 1U);
  EXPECT_EQ(now.sent_again, 1U);
  EXPECT_EQ(now.lost_workers, 1U);
  EXPECT_EQ(now.refused_reports, 1U);
  EXPECT_EQ(of(now, JobStatus::completed), 1U);
  EXPECT_EQ(of(now, JobStatus::cancelled), 1U);
  EXPECT_EQ(of(now, AttemptOutcome::running), 2U) << "begun";
  EXPECT_EQ(of(now, AttemptOutcome::completed), 1U);
  EXPECT_EQ(of(now, AttemptOutcome::crashed), 1U);
}

TEST_F(JobCountsTest, AnAttemptWhoseJobIsDeletedIsCancelled) {
  start_registry();
  const auto anna = join("anna");
  const auto job = create();
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, job.id));
  EXPECT_EQ(of(counts(), AttemptOutcome::running), 1U) << "begun";
  EXPECT_EQ(of(counts(), AttemptOutcome::cancelled), 1U);
}

TEST_F(JobCountsTest, AFetchIsAnAttemptOnlyWhereItGoesWrong) {
  start_registry();
  const auto anna = join("anna");
  auto job = new_job();
  job.source_url = "https://example.org/a.png";
  create(job);
  advance(std::chrono::seconds{4});
  EXPECT_EQ(of(counts(), AttemptOutcome::running), 0U) << "nobody knows yet";
  ASSERT_TRUE(fail(anna, anna.tasks->back(), {jobs::ErrorKind::transient, "It took too long."}));
  EXPECT_EQ(of(counts(), AttemptOutcome::running), 1U);
  EXPECT_EQ(of(counts(), AttemptOutcome::failed), 1U);
  advance(std::chrono::seconds{3});
  ASSERT_EQ(anna.tasks->size(), 2U);
  FetchedReport report{anna.id, job.id, anna.tasks->back().token, {}, false};
  report.original.blob_key = anna.tasks->back().original_key;
  report.original.sha256 = std::string(64, 'a');
  report.original.bytes = 9;
  ASSERT_TRUE(ask<atom::done>(registry, atom::fetched_v, report));
  ASSERT_EQ(anna.tasks->size(), 3U) << "in the same commit";
  const auto now = counts();
  EXPECT_EQ(of(now, AttemptOutcome::running), 2U);
  EXPECT_EQ(now.queue_time.at("default").count(), 1U) << "of the work on the picture";
  EXPECT_EQ(now.original_bytes, 9U);
}

TEST_F(JobCountsTest, WhatCouldNotBeWrittenDoesNotCount) {
  start_registry();
  store->fail_from(1, persistence::StoreError{persistence::StoreErrorCode::no_space, "full"});
  EXPECT_FALSE(ask<CreatedJob>(registry, atom::create_v, new_job()));
  store->heal();
  EXPECT_EQ(counts().created, 0U);
}

TEST_F(JobCountsTest, StatusTellsHowLongTheOldestJobHasWaited) {
  start_registry();
  EXPECT_EQ(ask<ServiceStatus>(registry, atom::status_v)->oldest_ready, std::nullopt);
  const auto created_at = now();
  create();
  advance(std::chrono::seconds{3});
  create();
  EXPECT_EQ(ask<ServiceStatus>(registry, atom::status_v)->oldest_ready, created_at);
}

TEST_F(JobCountsTest, TimeWhatAJobWaitsForAndTakes) {
  start_registry();
  create();
  advance(std::chrono::seconds{3});
  auto anna = join("anna");
  advance(std::chrono::seconds{1});
  ASSERT_TRUE(make_all(anna, anna.tasks->back()));
  const auto now = counts();
  ASSERT_TRUE(now.queue_time.contains("default"));
  EXPECT_EQ(now.queue_time.at("default").count(), 1U);
  EXPECT_DOUBLE_EQ(sum(now.queue_time.at("default")), 3);
  EXPECT_EQ(time_of(now, AttemptOutcome::completed).count(), 1U);
  EXPECT_DOUBLE_EQ(sum(time_of(now, AttemptOutcome::completed)), 1);
  EXPECT_EQ(time_of(now, JobStatus::completed).count(), 1U);
  EXPECT_DOUBLE_EQ(sum(time_of(now, JobStatus::completed)), 4);
}

TEST_F(JobCountsTest, TheTimeOfAnAttemptThatWasTakenBackIsNoWaiting) {
  start_registry();
  auto anna = join("anna");
  create();
  advance(std::chrono::seconds{3});
  die(anna);
  advance(std::chrono::seconds{2});
  auto bert = join("bert");
  ASSERT_TRUE(complete(bert, bert.tasks->back()));
  const auto now = counts();
  EXPECT_EQ(now.queue_time.at("default").count(), 2U);
  EXPECT_DOUBLE_EQ(sum(now.queue_time.at("default")), 2) << "and not 5, from its creation";
  EXPECT_DOUBLE_EQ(sum(time_of(now, AttemptOutcome::crashed)), 3);
  EXPECT_DOUBLE_EQ(sum(time_of(now, JobStatus::completed)), 5);
}

TEST_F(JobCountsTest, CountRenditionsOnceByOperationAndFormat) {
  start_registry();
  auto anna = join("anna");
  auto job = new_job();
  job.original.bytes = 5'000;
  create(job);
  const auto task = anna.tasks->back();
  // Reported by itself, and again with the whole job.
  jobs::RenditionResult early;
  early.name = task.renditions.front().name;
  early.bytes = 1'000;
  early.milliseconds = 250;
  ASSERT_TRUE(ask<atom::done>(registry, atom::rendition_v,
                              RenditionReport{anna.id, task.job, task.token, early}));
  ASSERT_TRUE(make_all(anna, task));
  const auto now = counts();
  EXPECT_EQ(now.original_bytes, 5'000U);
  ASSERT_EQ(now.renditions.size(), 3U);
  for (const auto& kind : now.renditions) {
    EXPECT_EQ(kind.format, jobs::OutputFormat::jpeg);
    EXPECT_EQ(kind.time.count(), 1U);
    EXPECT_EQ(kind.bytes, 1'000U);
    EXPECT_DOUBLE_EQ(sum(kind.time), 0.25);
  }
  EXPECT_NE(now.renditions.at(0).operation, now.renditions.at(1).operation);
}

TEST_F(JobCountsTest, TellRetriesFromRecoveries) {
  start_registry();
  auto anna = join("anna");
  create();
  ASSERT_TRUE(fail(anna, anna.tasks->back(), {jobs::ErrorKind::transient, "no luck"}));
  EXPECT_EQ(counts().retries, 1U);
  EXPECT_EQ(counts().recoveries, 0U);
  advance(std::chrono::seconds{2});
  ASSERT_EQ(anna.tasks->size(), 2U);
  die(anna);
  EXPECT_EQ(counts().retries, 1U);
  EXPECT_EQ(counts().recoveries, 1U);
  EXPECT_EQ(counts().lease_expiries, 0U) << "its end was told of";
}

TEST_F(JobCountsTest, AnAttemptThatItsWorkerHandsBackIsNoRecovery) {
  start_registry();
  const auto anna = join("anna");
  create();
  ASSERT_TRUE(ask<atom::done>(registry, atom::leave_v, anna.id));
  EXPECT_EQ(of(counts(), AttemptOutcome::handed_back), 1U);
  EXPECT_EQ(counts().recoveries, 0U);
}

TEST_F(JobCountsTest, ALeaseThatNobodyRenewsHasExpired) {
  start_registry();
  const auto anna = join("anna");
  create();
  ASSERT_EQ(anna.tasks->size(), 1U);
  for (int i = 0; i < 40; ++i)
    advance(std::chrono::milliseconds{250});
  EXPECT_EQ(counts().lease_expiries, 1U);
  EXPECT_EQ(counts().recoveries, 1U);
  EXPECT_EQ(counts().lost_workers, 1U);
}

TEST_F(JobCountsTest, ARecoveryCountsOnceItIsWritten) {
  start_registry();
  auto anna = join("anna");
  create();
  store->fail_from(1, persistence::StoreError{persistence::StoreErrorCode::no_space, "full"});
  die(anna);
  EXPECT_EQ(counts().recoveries, 0U);
  store->heal();
  // The lease is the job's again until it runs out.
  for (int i = 0; i < 60; ++i)
    advance(std::chrono::milliseconds{250});
  EXPECT_EQ(counts().recoveries, 1U);
}

TEST_F(JobCountsTest, TellSinceWhenTheyCount) {
  advance(std::chrono::hours{2});
  const auto began = now();
  start_registry();
  advance(std::chrono::hours{1});
  EXPECT_EQ(ask<ServiceStatus>(registry, atom::status_v)->counting_since, began);
}

TEST_F(JobCountsTest, RestartsOfAWorkersActorsAddUpOverItsProcesses) {
  start_registry();
  const auto restarts = [&](const ScriptedWorker& worker, std::uint64_t count) {
    EXPECT_TRUE(
        ask<HeartbeatReply>(registry, atom::heartbeat_v, Heartbeat{worker.id, 1, {}, count}));
    return ask<ServiceStatus>(registry, atom::status_v)->actor_restarts;
  };
  const auto anna = join("anna");
  EXPECT_EQ(restarts(anna, 2), 2U);
  EXPECT_EQ(restarts(anna, 3), 3U);
  die(anna);
  EXPECT_EQ(restarts(join("anna", 1, {}, 2), 1), 4U);
}

}  // namespace
}  // namespace darkroom::actors
