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
