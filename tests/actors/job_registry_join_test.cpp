#include <memory>
#include <optional>
#include <string>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/actors/registry_fixture.hpp"

// Who joins the job registry and leaves it, and what becomes of leases over restarts of either
// side.

namespace darkroom::actors {
namespace {

using jobs::AttemptOutcome;
using jobs::JobStatus;
using std::chrono::seconds;

class JobRegistryJoinTest : public RegistryFixture {
 protected:
  JobRegistryJoinTest() { start_registry(); }
};

TEST_F(JobRegistryJoinTest, AWorkerKeepsItsLeaseOverARestartOfTheRegistry) {
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

TEST_F(JobRegistryJoinTest, ALeaseThatTheWorkerDoesNotKnowOfGoesBackIntoTheQueue) {
  const auto before = join("anna");
  const auto job = create();
  kill(registry);
  start_registry();
  const auto after = join("anna", 1, {});
  ASSERT_EQ(after.tasks->size(), 1U);
  EXPECT_EQ(after.tasks->front().job, job.id);
  EXPECT_EQ(get(job.id).attempts[0].outcome, AttemptOutcome::handed_back);
}

TEST_F(JobRegistryJoinTest, LeasesOfDeadChildrenRunAgainAtOnceAfterARestart) {
  join("local-1");
  const auto job = create();
  kill(registry);
  RegistryOptions options;
  options.leases_are_dead = std::make_shared<std::atomic<bool>>(true);
  start_registry(options);
  EXPECT_EQ(get(job.id).status, JobStatus::pending);
  EXPECT_EQ(join("local-1", 1, {}, 2).tasks->size(), 1U);
}

TEST_F(JobRegistryJoinTest, AWorkerThatIsNoChildOutlivesTheServiceAndKeepsItsLease) {
  const auto anna = join("anna");
  const auto job = create();
  const auto task = anna.tasks->front();
  kill(registry);
  RegistryOptions options;
  options.leases_are_dead = std::make_shared<std::atomic<bool>>(true);
  start_registry(options);
  EXPECT_EQ(get(job.id).status, JobStatus::processing);
  const auto back = join("anna", 1, {task.token});
  ASSERT_TRUE(complete(back, task));
  EXPECT_EQ(get(job.id).attempts.size(), 1U);
}

TEST_F(JobRegistryJoinTest, ARestartedWorkerJoinsOnceItsGhostIsGone) {
  const auto ghost = join("anna", 1, {}, 1);
  const auto job = create();
  kill(ghost.actor);
  const auto reborn = join("anna", 1, {}, 2);
  ASSERT_EQ(reborn.tasks->size(), 1U);
  EXPECT_TRUE(complete(reborn, reborn.tasks->front()));
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
}

TEST_F(JobRegistryJoinTest, AWorkerOfANameThatIsTakenIsRefusedAndCostsTheOtherNothing) {
  const auto anna = join("anna", 1, {}, 1);
  const auto job = create();
  const auto other = start_worker("anna", 2);
  const auto refused = ask_to_join(WorkerHello{other.id, 1, 1, {}}, other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ServiceErrorCode::duplicate_worker);
  EXPECT_TRUE(complete(anna, anna.tasks->front()));
  EXPECT_EQ(get(job.id).attempts.size(), 1U);
}

TEST_F(JobRegistryJoinTest, AWorkerThatRejoinsWithLostLeasesHasNoFreeSlotYet) {
  const auto before = join("anna");
  create();
  const auto token = before.tasks->front().token;
  advance(seconds{10});  // Silent for too long: struck off, its lease taken back.
  const auto after = join("anna", 1, {token});
  EXPECT_TRUE(after.tasks->empty()) << "its slot is busy with what it lost";
  ASSERT_TRUE(beat(after, {}));
  EXPECT_EQ(after.tasks->size(), 1U);
}

TEST_F(JobRegistryJoinTest, AStartWhileTheDiskIsFullTakesTheLeasesBackLater) {
  join("anna");
  const auto job = create();
  kill(registry);
  store->fail_from(1, persistence::StoreError{persistence::StoreErrorCode::no_space, "full"});
  RegistryOptions options;
  options.leases_are_dead = std::make_shared<std::atomic<bool>>(true);
  start_registry(options);
  EXPECT_EQ(get(job.id).status, JobStatus::processing);
  store->heal();
  advance(seconds{10});
  EXPECT_EQ(get(job.id).status, JobStatus::pending);
  EXPECT_EQ(get(job.id).attempts[0].outcome, AttemptOutcome::handed_back);
}

TEST_F(JobRegistryJoinTest, AWorkerThatLeavesHandsItsJobsBackAtNoCost) {
  const auto anna = join("anna");
  const auto job = create();
  ASSERT_TRUE(ask<atom::done>(registry, atom::leave_v, anna.id));
  EXPECT_EQ(get(job.id).status, JobStatus::pending);
  EXPECT_EQ(get(job.id).attempts[0].outcome, AttemptOutcome::handed_back);
  EXPECT_EQ(beat(anna, {}).error().code, ServiceErrorCode::unknown_worker);
}

TEST_F(JobRegistryJoinTest, ADrainingWorkerGetsNoNewJobs) {
  const auto anna = join("anna");
  ASSERT_TRUE(beat(anna, {}, 0));
  create();
  EXPECT_TRUE(anna.tasks->empty());
}

TEST_F(JobRegistryJoinTest, AWorkerThatSaysWhatCannotBeIsRefused) {
  const auto anna = join("anna");
  const auto refused = [&](const WorkerHello& hello) {
    const auto answer = ask_to_join(hello, anna);
    EXPECT_EQ(answer.error().code, ServiceErrorCode::bad_worker);
    return answer.error().message;
  };
  for (const std::string& name : {std::string{}, std::string{"a b"}, std::string{"a\nb"},
                                  std::string(101, 'x'), std::string{"a\0b", 3}}) {
    EXPECT_FALSE(refused(WorkerHello{{name, 7}, 1, 1, {}}).empty());
    WorkerHello of_node{{"bert", 7}, 1, 1, {}};
    of_node.node = name.empty() ? " " : name;
    EXPECT_FALSE(refused(of_node).empty());
    WorkerHello of_queue{{"bert", 7}, 1, 1, {}};
    of_queue.queues = {"media", name};
    EXPECT_FALSE(refused(of_queue).empty());
  }
  WorkerHello many{{"bert", 7}, 1, 1, {}};
  many.queues.assign(1'001, "media");
  EXPECT_FALSE(refused(many).empty());
  EXPECT_EQ(refused(WorkerHello{{"bert", 7}, 4'000'000'000U, 1, {}}),
            "The worker must have 1 to 1024 slots, not 4000000000.");
  EXPECT_TRUE(ask_to_join(WorkerHello{{std::string(100, '~'), 7}, 1, 1, {}}, anna));
}

/// A worker that is here and gives no sign of life, and others that ask to join under its name.
class GhostTest : public JobRegistryJoinTest {
 protected:
  using Answer = std::shared_ptr<std::optional<tl::expected<atom::done, ServiceError>>>;

  static WorkerActor::behavior_type stay_silent(WorkerActor::pointer self, int /*unused*/) {
    // A promise that is dropped answers nothing.
    return {[](atom::run, const Task&) {}, [](atom::cancel, const jobs::LeaseToken&) {},
            [self](atom::ping) { return self->make_response_promise<atom::done>(); }};
  }

  GhostTest() {
    ghost_ = keep(system().spawn(stay_silent, 0));
    EXPECT_TRUE(
        ask<atom::done>(registry, atom::join_v, WorkerHello{{"anna", 1}, 1, 1, {}}, ghost_));
    run();
  }

  ScriptedWorker newcomer(std::uint64_t incarnation) { return start_worker("anna", incarnation); }

  /// Asks to join; what comes back in the course of time is the answer.
  Answer knock(const ScriptedWorker& worker) {
    auto answer = std::make_shared<Answer::element_type>();
    const auto asks = [registry = this->registry, worker, answer](caf::event_based_actor* self,
                                                                  int /*unused*/) {
      self->request(registry, seconds{3'600}, atom::join_v, WorkerHello{worker.id, 1, 1, {}},
                    worker.actor)
          .then([answer](atom::done) { *answer = atom::done_v; },
                [answer](const caf::error& error) {
                  *answer = tl::unexpected(to_service_error(error));
                });
    };
    keep(system().spawn(asks, 0));
    run();
    return answer;
  }

  WorkerActor ghost_;
};

TEST_F(GhostTest, IsReplacedAtOnceByAWorkerOfItsName) {
  const auto job = create();
  ASSERT_EQ(get(job.id).status, JobStatus::processing);
  const auto reborn = newcomer(2);
  const auto answer = knock(reborn);
  EXPECT_FALSE(*answer) << "the other one has time for a sign of life";
  // Everything else goes on meanwhile.
  EXPECT_TRUE(ask<ServiceStatus>(registry, atom::status_v));
  advance(seconds{2});
  ASSERT_TRUE(*answer);
  EXPECT_TRUE(**answer);
  ASSERT_EQ(reborn.tasks->size(), 1U);
  EXPECT_EQ(reborn.tasks->front().job, job.id);
  EXPECT_EQ(beat(ScriptedWorker{.id = {"anna", 1}, .actor = {}}, {}).error().code,
            ServiceErrorCode::unknown_worker);
}

TEST_F(GhostTest, IsAskedOnceAtATime) {
  const auto first = newcomer(2);
  const auto second = newcomer(3);
  const auto to_first = knock(first);
  const auto to_second = knock(second);
  ASSERT_TRUE(*to_second);
  EXPECT_EQ((*to_second)->error().code, ServiceErrorCode::duplicate_worker);
  advance(seconds{2});
  ASSERT_TRUE(*to_first);
  EXPECT_TRUE(**to_first);
}

TEST_F(GhostTest, MayEndWhileItIsAsked) {
  const auto reborn = newcomer(2);
  const auto answer = knock(reborn);
  kill(ghost_);
  advance(seconds{2});
  ASSERT_TRUE(*answer);
  EXPECT_TRUE(**answer);
  create();
  EXPECT_EQ(reborn.tasks->size(), 1U);
}

TEST_F(GhostTest, IsNoGhostWhereItAnswers) {
  const auto reborn = newcomer(2);
  (void)knock(reborn);
  advance(seconds{2});
  const auto answer = knock(newcomer(3));
  ASSERT_TRUE(*answer);
  ASSERT_FALSE(**answer);
  EXPECT_EQ((*answer)->error().code, ServiceErrorCode::duplicate_worker);
  EXPECT_THAT((*answer)->error().message,
              testing::AllOf(testing::HasSubstr("called anna is here since 19"),
                             testing::HasSubstr("with 1 slot"), testing::HasSubstr("--name")));
}

TEST_F(JobRegistryJoinTest, AWorkerThatJoinsAgainOverTheSameConnectionIsNotLostByALateWord) {
  const auto anna = join("anna");
  const WorkerHello hello{anna.id, 1, 1, {}};
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(ask_to_join(hello, anna));
  const auto before = anna.actor.address();
  kill(anna.actor);
  const auto back = join("anna");
  // CAF's word of the end of the first connection, once more and late.
  caf::anon_send(caf::actor_cast<caf::actor>(registry),
                 caf::down_msg{before, caf::exit_reason::remote_link_unreachable});
  advance(seconds{1});
  create();
  EXPECT_EQ(back.tasks->size(), 1U);
}

}  // namespace
}  // namespace darkroom::actors
