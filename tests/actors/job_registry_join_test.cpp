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
  auto other = keep(system().spawn(keep_tasks, std::make_shared<std::vector<Task>>(),
                                   std::make_shared<std::vector<jobs::LeaseToken>>()));
  const auto refused = ask<atom::done>(registry, atom::join_v, WorkerHello{{"anna", 2}, 1, 1, {}},
                                       WorkerActor{other});
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

}  // namespace
}  // namespace darkroom::actors
