#include "actors/job_registry.hpp"

#include <gtest/gtest.h>

#include "tests/actors/registry_fixture.hpp"

namespace darkroom::actors {
namespace {

using persistence::StoreError;
using persistence::StoreErrorCode;

class JobRegistryTest : public RegistryFixture {};

TEST_F(JobRegistryTest, ACreatedJobIsInTheStoreWhenItIsAnswered) {
  start_registry();
  const auto job = create();
  EXPECT_EQ(store->get(job.id).value()->status, jobs::JobStatus::pending);
  EXPECT_EQ(get(job.id), job);
}

TEST_F(JobRegistryTest, AJobIsNotReplacedByAnotherOfItsId) {
  start_registry();
  const auto first = create();
  auto second = new_job();
  second.id = first.id;
  second.preset = "other";
  EXPECT_EQ(ask<CreatedJob>(registry, atom::create_v, second).error().code,
            ServiceErrorCode::duplicate_job);
  EXPECT_EQ(get(first.id), first);
  EXPECT_EQ(store->get(first.id).value(), first);
}

TEST_F(JobRegistryTest, ABurstOfCreationsIsOneCommit) {
  start_registry();
  const auto before = store->commits();
  caf::scoped_actor client{system()};
  std::vector<jobs::Job> wanted;
  for (int i = 0; i < 100; ++i) {
    wanted.push_back(new_job());
    client->send(registry, atom::create_v, wanted.back());
  }
  run();
  EXPECT_EQ(store->commits() - before, 1U);
  for (const auto& job : wanted)
    EXPECT_TRUE(store->get(job.id).value().has_value());
  int answers = 0;
  client->receive_while([&] { return answers < 100; })([&](const CreatedJob&) { ++answers; });
}

TEST_F(JobRegistryTest, ABatchIsBounded) {
  RegistryOptions options;
  options.batch_limit = 10;
  start_registry(options);
  const auto before = store->commits();
  caf::scoped_actor client{system()};
  for (int i = 0; i < 100; ++i)
    client->send(registry, atom::create_v, new_job());
  run();
  EXPECT_EQ(store->commits() - before, 10U);
}

TEST_F(JobRegistryTest, WhatCannotBeWrittenIsNotAcknowledgedAndLeavesNoTrace) {
  start_registry();
  store->fail_from(1, StoreError{StoreErrorCode::no_space, "No space left on device"});
  const auto job = new_job();
  const auto refused = ask<CreatedJob>(registry, atom::create_v, job);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ServiceErrorCode::store_full);
  EXPECT_EQ(ask<jobs::Job>(registry, atom::get_v, job.id).error().code,
            ServiceErrorCode::unknown_job);
  EXPECT_FALSE(ask<ServiceStatus>(registry, atom::status_v)->store_writable);

  store->heal();
  EXPECT_TRUE(ask<CreatedJob>(registry, atom::create_v, job));
  EXPECT_TRUE(ask<ServiceStatus>(registry, atom::status_v)->store_writable);
}

TEST_F(JobRegistryTest, AnUnknownJobIsNotAPendingOne) {
  start_registry();
  const auto answer = ask<jobs::Job>(registry, atom::get_v, jobs::JobId::generate(now()));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ServiceErrorCode::unknown_job);
}

TEST_F(JobRegistryTest, RemovesAJobWhateverItsState) {
  start_registry();
  const auto waiting = create();
  EXPECT_TRUE(ask<jobs::Job>(registry, atom::remove_v, waiting.id));
  EXPECT_FALSE(store->get(waiting.id).value().has_value());
  EXPECT_EQ(ask<jobs::Job>(registry, atom::remove_v, waiting.id).error().code,
            ServiceErrorCode::unknown_job);

  const auto worker = join("anna");
  const auto running = create();
  ASSERT_EQ(worker.tasks->size(), 1U);
  EXPECT_TRUE(ask<jobs::Job>(registry, atom::remove_v, running.id));
  EXPECT_EQ(complete(worker, worker.tasks->front()).error().code, ServiceErrorCode::stale_lease);
  // Its slot is free again once the worker says so.
  ASSERT_TRUE(beat(worker, {}));
  create();
  EXPECT_EQ(worker.tasks->size(), 2U);
}

TEST_F(JobRegistryTest, AFullQueueTakesNoMore) {
  RegistryOptions options;
  options.queue_limit = 2;
  start_registry(options);
  create();
  EXPECT_TRUE(ask<atom::done>(registry, atom::admit_v));
  create();
  EXPECT_EQ(ask<atom::done>(registry, atom::admit_v).error().code, ServiceErrorCode::queue_full);
  EXPECT_EQ(ask<CreatedJob>(registry, atom::create_v, new_job()).error().code,
            ServiceErrorCode::queue_full);
}

TEST_F(JobRegistryTest, UnfinishedJobsSurviveARestart) {
  start_registry();
  const auto job = create();
  kill(registry);
  start_registry();
  const auto worker = join("anna");
  ASSERT_EQ(worker.tasks->size(), 1U);
  EXPECT_EQ(worker.tasks->front().job, job.id);
}

TEST_F(JobRegistryTest, FoundJobsAreHandedToTheJanitorInBatches) {
  start_registry();
  for (int i = 0; i < 5; ++i)
    create();
  EXPECT_TRUE(ask<JobList>(registry, atom::expire_v, std::uint32_t{3})->jobs.empty());
  advance(std::chrono::seconds{1});
  kill(registry);
  // A day later.
  auto later = now() + std::chrono::hours{25};
  registry = keep(system().spawn(job_registry, std::shared_ptr<persistence::JobStore>{store},
                                 RegistryOptions{}, jobs::WallClock{[later] { return later; }}));
  EXPECT_EQ(ask<JobList>(registry, atom::expire_v, std::uint32_t{3})->jobs.size(), 3U);
  EXPECT_EQ(ask<JobList>(registry, atom::expire_v, std::uint32_t{3})->jobs.size(), 2U);
  EXPECT_EQ(ask<ServiceStatus>(registry, atom::status_v)->pending, 0U);
}

TEST_F(JobRegistryTest, AJobInAWorkersHandsDoesNotExpire) {
  RegistryOptions options;
  options.lease = std::chrono::hours{100};
  auto moment = std::make_shared<jobs::Timestamp>(now());
  registry = keep(system().spawn(job_registry, std::shared_ptr<persistence::JobStore>{store},
                                 options, jobs::WallClock{[moment] { return *moment; }}));
  const auto worker = join("anna");
  create();
  ASSERT_EQ(worker.tasks->size(), 1U);
  *moment += std::chrono::hours{25};
  EXPECT_TRUE(ask<JobList>(registry, atom::expire_v, std::uint32_t{10})->jobs.empty());
  EXPECT_TRUE(complete(worker, worker.tasks->front()));
  EXPECT_EQ(ask<JobList>(registry, atom::expire_v, std::uint32_t{10})->jobs.size(), 1U);
}

TEST_F(JobRegistryTest, AnExpiredJobIsGoneForItsClientBeforeTheJanitorComes) {
  auto moment = std::make_shared<jobs::Timestamp>(now());
  registry = keep(system().spawn(job_registry, std::shared_ptr<persistence::JobStore>{store},
                                 RegistryOptions{}, jobs::WallClock{[moment] { return *moment; }}));
  const auto job = create();
  *moment = job.expires_at - std::chrono::milliseconds{1};
  EXPECT_TRUE(ask<jobs::Job>(registry, atom::get_v, job.id));
  *moment = job.expires_at;
  EXPECT_EQ(ask<jobs::Job>(registry, atom::get_v, job.id).error().code,
            ServiceErrorCode::unknown_job);
  EXPECT_EQ(ask<JobList>(registry, atom::expire_v, std::uint32_t{10})->jobs.size(), 1U);
}

TEST_F(JobRegistryTest, SaysWhichBlobsNoJobNeeds) {
  start_registry();
  auto known = new_job();
  known.original.blob_key = jobs::original_key(known.id, "jpg");
  create(known);
  const auto unknown = jobs::original_key(jobs::JobId::generate(now()), "jpg");
  const auto waits = jobs::rendition_key(known.id, known.renditions[0].spec, 1);
  const auto answer = ask<KeyList>(registry, atom::orphans_v,
                                   KeyList{{known.original.blob_key, unknown, waits, "notes.txt"}});
  EXPECT_EQ(answer->keys, (std::vector{unknown, waits}));
}

TEST_F(JobRegistryTest, TakesNoJobWhoseBlobTheJanitorWasToldToRemove) {
  start_registry();
  const auto late = new_job();
  const KeyList keys{{jobs::original_key(late.id, "jpg")}};
  EXPECT_EQ(ask<KeyList>(registry, atom::orphans_v, keys)->keys.size(), 1U);
  EXPECT_EQ(ask<CreatedJob>(registry, atom::create_v, late).error().code,
            ServiceErrorCode::unavailable);
}

TEST_F(JobRegistryTest, ADamagedRecordTakesDownItsOwnJobOnly) {
  const auto damaged = jobs::JobId::generate(now());
  store->set_damage({{damaged, "cannot read job"}});
  start_registry();
  const auto job = create();
  EXPECT_EQ(get(job.id).status, jobs::JobStatus::pending);
  EXPECT_EQ(ask<jobs::Job>(registry, atom::get_v, damaged).error().code, ServiceErrorCode::damaged);
  EXPECT_EQ(ask<jobs::Job>(registry, atom::remove_v, damaged).error().code,
            ServiceErrorCode::damaged);
  // Its blobs are not taken for orphans, and it stops nobody else from expiring.
  const KeyList keys{{jobs::original_key(damaged, "jpg")}};
  EXPECT_TRUE(ask<KeyList>(registry, atom::orphans_v, keys)->keys.empty());
  EXPECT_TRUE(ask<JobList>(registry, atom::expire_v, std::uint32_t{10}));
}

}  // namespace
}  // namespace darkroom::actors
