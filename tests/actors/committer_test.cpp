#include "actors/committer.hpp"

#include <atomic>
#include <new>
#include <semaphore>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <gtest/gtest.h>

#include "actors/job_registry.hpp"
#include "actors/message_block.hpp"
#include "actors/service_error.hpp"
#include "jobs/transitions.hpp"
#include "tests/persistence/faulty_job_store.hpp"

namespace darkroom::actors {
namespace {

using persistence::StoreErrorCode;

/// A store whose commits wait at a gate, as at a slow disk, and real threads.
class CommitterTest : public testing::Test {
 protected:
  CommitterTest() {
    store->at_commit([this] {
      began.release();
      may_end.acquire();
    });
  }

  static jobs::Job new_job() {
    const auto now = jobs::system_now();
    return jobs::make_job(jobs::JobId::generate(now), jobs::default_preset(), jobs::Original{}, now,
                          std::chrono::hours{24});
  }

  static persistence::WriteSet batch(const jobs::Job& job) {
    return {.jobs = {{.before = std::nullopt, .after = job}}};
  }

  std::counting_semaphore<> began{0};
  std::counting_semaphore<> may_end{0};
  std::shared_ptr<persistence::FaultyJobStore> store =
      std::make_shared<persistence::FaultyJobStore>(persistence::make_memory_job_store());
};

TEST_F(CommitterTest, GivesTheOutcomeOnceWhenItIsThere) {
  std::binary_semaphore written{0};
  ThreadedCommitter committer{store, [&] { written.release(); }};
  EXPECT_FALSE(committer.take());
  const auto job = new_job();
  committer.start(batch(job));
  began.acquire();
  EXPECT_FALSE(committer.take());
  may_end.release();
  written.acquire();
  const auto outcome = committer.take();
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(*outcome);
  EXPECT_FALSE(committer.take());
  EXPECT_EQ(store->get(job.id).value(), job);
}

TEST_F(CommitterTest, TellsOfAFailure) {
  store->fail_from(1, {.code = StoreErrorCode::no_space, .message = "full"});
  ThreadedCommitter committer{store, [] {}};
  may_end.release();
  committer.start(batch(new_job()));
  const auto outcome = committer.wait();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, StoreErrorCode::no_space);
}

TEST_F(CommitterTest, TellsOfAnExceptionAndGoesOn) {
  std::atomic<bool> throws = true;
  store->at_commit([&] {
    if (throws) throw std::bad_alloc{};
  });
  ThreadedCommitter committer{store, [] {}};
  committer.start(batch(new_job()));
  const auto outcome = committer.wait();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, StoreErrorCode::unwritable);
  throws = false;
  committer.start(batch(new_job()));
  EXPECT_TRUE(committer.wait());
}

TEST_F(CommitterTest, EndsOnceWhatItWasGivenIsWritten) {
  const auto job = new_job();
  may_end.release();
  {
    ThreadedCommitter committer{store, [] {}};
    committer.start(batch(job));
  }
  EXPECT_EQ(store->get(job.id).value(), job);
}

/// The registry as the service runs it: on a thread of its own, with a committer.
class CommittingRegistryTest : public CommitterTest {
 protected:
  struct Config : caf::actor_system_config {
    Config() { add_messages(*this); }
  };

  ~CommittingRegistryTest() override {
    constexpr std::ptrdiff_t all_that_come = 1'000;
    may_end.release(all_that_come);
    client->send_exit(registry, caf::exit_reason::user_shutdown);
    client->wait_for(registry);
  }

  /// Answers to creations until `count` are there; returns how many of them are errors.
  int receive(int count) {
    int answers = 0;
    int errors = 0;
    client->receive_while([&] { return answers < count; })([&](const CreatedJob&) { ++answers; },
                                                           [&](const caf::error&) {
                                                             ++answers;
                                                             ++errors;
                                                           });
    return errors;
  }

  Config config;
  caf::actor_system system{config};
  caf::scoped_actor client{system};
  JobRegistryActor registry =
      system.spawn<caf::detached>(job_registry, std::shared_ptr<persistence::JobStore>{store},
                                  RegistryOptions{}, jobs::WallClock{jobs::system_now});
};

TEST_F(CommittingRegistryTest, WhatComesWhileABatchIsWrittenIsTheNextBatch) {
  client->send(registry, atom::create_v, new_job());
  began.acquire();
  for (int i = 0; i < 5; ++i)
    client->send(registry, atom::create_v, new_job());
  // It answers, and has seen all of these, while the disk does not.
  client->request(registry, std::chrono::seconds{30}, atom::admit_v)
      .receive([](atom::done) {}, [](const caf::error&) { FAIL(); });
  EXPECT_EQ(store->commits(), 0U);
  may_end.release(2);
  EXPECT_EQ(receive(6), 0);
  EXPECT_EQ(store->commits(), 2U);
}

TEST_F(CommittingRegistryTest, WhatCameWhileABatchFailedFailsWithIt) {
  store->fail_from(1, {.code = StoreErrorCode::no_space, .message = "full"});
  client->send(registry, atom::create_v, new_job());
  began.acquire();
  client->send(registry, atom::create_v, new_job());
  client->request(registry, std::chrono::seconds{30}, atom::admit_v)
      .receive([](atom::done) {}, [](const caf::error&) { FAIL(); });
  may_end.release();
  EXPECT_EQ(receive(2), 2);
  EXPECT_EQ(store->commits(), 1U);

  store->heal();
  may_end.release();
  client->send(registry, atom::create_v, new_job());
  EXPECT_EQ(receive(1), 0);
}

TEST_F(CommittingRegistryTest, ItEndsOnceEverythingIsWrittenAndAnswered) {
  client->send(registry, atom::create_v, new_job());
  began.acquire();
  client->send(registry, atom::create_v, new_job());
  client->send_exit(registry, caf::exit_reason::user_shutdown);
  may_end.release(2);
  EXPECT_EQ(receive(2), 0);
  client->wait_for(registry);
  EXPECT_EQ(store->commits(), 2U);
}

}  // namespace
}  // namespace darkroom::actors
