#include "tests/simulation/simulated_job_store.hpp"

#include <array>
#include <chrono>

#include <gtest/gtest.h>

#include "jobs/transitions.hpp"

namespace darkroom::simulation {
namespace {

using Syncing = SimulatedJobStore::Syncing;

jobs::Job sample_job() {
  constexpr jobs::Timestamp now{std::chrono::hours{24 * 20'000}};
  return jobs::make_job(jobs::JobId::generate(now), jobs::default_preset(), {}, now,
                        std::chrono::hours{24});
}

bool create(SimulatedJobStore& store, const jobs::Job& job) {
  const std::array changes{persistence::JobChange{.before = std::nullopt, .after = job}};
  return store.commit(changes).has_value();
}

bool has(const SimulatedJobStore& store, const jobs::Job& job) {
  return store.get(job.id).value().has_value();
}

TEST(SimulatedJobStore, CrashTakesWhatIsNotSynced) {
  SimulatedJobStore store{Syncing::later};
  const auto synced = sample_job();
  const auto lost = sample_job();
  ASSERT_TRUE(create(store, synced));
  store.sync();
  ASSERT_TRUE(create(store, lost));
  store.crash();
  EXPECT_TRUE(has(store, synced));
  EXPECT_FALSE(has(store, lost));
}

TEST(SimulatedJobStore, KeepsWhatItHasAcknowledged) {
  SimulatedJobStore store{Syncing::always};
  const auto job = sample_job();
  ASSERT_TRUE(create(store, job));
  store.crash();
  EXPECT_TRUE(has(store, job));
}

TEST(SimulatedJobStore, CrashInACommitKeepsTheBatchOrNothingOfIt) {
  SimulatedJobStore store{Syncing::always};
  const auto kept = sample_job();
  const auto lost = sample_job();
  store.fate = [] { return SimulatedJobStore::Fate::crash_and_keep; };
  (void)create(store, kept);
  store.fate = [] { return SimulatedJobStore::Fate::crash_and_lose; };
  EXPECT_FALSE(create(store, lost));
  store.crash();
  EXPECT_TRUE(has(store, kept));
  EXPECT_FALSE(has(store, lost));
}

TEST(SimulatedJobStore, RefusedCommitAppliesNothing) {
  SimulatedJobStore store{Syncing::always};
  const auto job = sample_job();
  store.fail_with(persistence::StoreError{.message = "the disk is full"});
  EXPECT_FALSE(create(store, job));
  EXPECT_FALSE(has(store, job));
}

}  // namespace
}  // namespace darkroom::simulation
