#include "actors/worker.hpp"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/actors/registry_fixture.hpp"

namespace darkroom::actors {
namespace {

using jobs::JobStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A real worker and a real registry, joined directly; runners that do what the test says.
class WorkerTest : public RegistryFixture {
 protected:
  WorkerTest() { start_registry(); }

  WorkerNodeActor start_worker(std::uint32_t slots = 1) {
    WorkerConfig config;
    config.id = {"anna", 1};
    config.options.slots = slots;
    config.connect = [this](WorkerNodeActor::pointer, auto connected, auto failed) {
      ++connects;
      if (reachable) {
        connected(WorkerRegistryActor{registry});
      } else {
        failed("nobody is there");
      }
    };
    config.stuck = [this](const std::string& why) { stuck.push_back(why); };
    config.cpu_time = [this](std::size_t slot) { return cpu_time.at(slot); };
    config.cancel = [this](std::size_t slot, const jobs::LeaseToken& task) {
      stopped.emplace_back(slot, task);
    };
    config.idle = [this] { ++idle; };
    node = keep(system().spawn(worker, std::move(config)));
    for (std::uint32_t i = 0; i < slots; ++i)
      start_runner(i);
    advance(milliseconds{200});
    return node;
  }

  void start_runner(std::uint32_t slot) {
    auto runner = keep(system().spawn(
        [](std::vector<Task>& tasks) -> TaskRunnerActor::behavior_type {
          return {[&tasks](atom::run, const Task& task) { tasks.push_back(task); },
                  [](atom::cancel, const jobs::LeaseToken&) {},
                  [](atom::operators, const OperationActor&, const OperationActor&,
                     const OperationActor&) {}};
        },
        std::ref(running)));
    caf::anon_send(node, atom::runner_v, slot, runner);
    run();
    latest_runner = runner;
  }

  void runner_says(const Task& task, JobOutcome outcome) {
    send_report(task, outcome);
    run();
  }

  void send_report(const Task& task, JobOutcome outcome) {
    JobReport report{{"anna", 1}, task.job, task.token, outcome, {}, {}};
    for (const auto& spec : task.renditions)
      report.results.emplace_back().name = spec.name;
    caf::anon_send(node, atom::finish_v, report);
  }

  /// Its machine is at fault.
  void runner_cannot(const Task& task) {
    JobReport report{{"anna", 1}, task.job, task.token, JobOutcome::failed, {}, {}};
    report.error = {jobs::ErrorKind::environment, "The original cannot be fetched.",
                    "no space left in /w"};
    caf::anon_send(node, atom::finish_v, report);
    run();
  }

  bool alive() {
    bool down = false;
    caf::scoped_actor self{system()};
    self->monitor(node);
    run();
    self->receive([&](const caf::down_msg&) { down = true; }, caf::after(milliseconds{0}) >> [] {});
    return !down;
  }

  std::size_t workers_joined() { return ask<ServiceStatus>(registry, atom::status_v)->workers; }

  WorkerNodeActor node;
  TaskRunnerActor latest_runner;
  bool reachable = true;
  int connects = 0;
  int idle = 0;  ///< How often it said so.
  std::vector<Task> running;
  std::vector<std::string> stuck;
  std::vector<std::pair<std::size_t, jobs::LeaseToken>> stopped;  ///< Slots and their tasks.
  std::array<seconds, 2> cpu_time{};                              ///< That each slot has spent.
};

TEST_F(WorkerTest, JoinsAndDoesWhatItIsGiven) {
  start_worker();
  EXPECT_EQ(workers_joined(), 1U);
  const auto job = create();
  ASSERT_EQ(running.size(), 1U);
  runner_says(running[0], JobOutcome::completed);
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
}

TEST_F(WorkerTest, SaysThatItIsIdleOnceItHasDoneNothingForAWhile) {
  start_worker();
  create();
  ASSERT_EQ(running.size(), 1U);
  idle = 0;
  advance(seconds{6});
  EXPECT_EQ(idle, 0) << "it works";
  runner_says(running[0], JobOutcome::completed);
  advance(seconds{4});
  EXPECT_GT(idle, 0);
}

TEST_F(WorkerTest, IsNotIdleBetweenTwoJobs) {
  start_worker();
  idle = 0;
  for (int i = 0; i < 6; ++i) {
    create();
    ASSERT_EQ(running.size(), static_cast<std::size_t>(i + 1));
    runner_says(running.back(), JobOutcome::completed);
    advance(seconds{1});
  }
  EXPECT_EQ(idle, 0);
}

TEST_F(WorkerTest, DoesATaskOnceThatComesTwice) {
  start_worker(2);
  const auto job = create();
  ASSERT_EQ(running.size(), 1U);
  caf::anon_send(node, atom::run_v, running[0]);
  run();
  EXPECT_EQ(running.size(), 1U);
  runner_says(running[0], JobOutcome::completed);
  caf::anon_send(node, atom::run_v, running[0]);
  run();
  EXPECT_EQ(running.size(), 1U);
  EXPECT_EQ(get(job.id).attempts.size(), 1U);
}

TEST_F(WorkerTest, TakesNoJobsForAWhileWhereItsOwnDiskIsFull) {
  start_worker();
  const auto job = create();
  ASSERT_EQ(running.size(), 1U);
  runner_cannot(running[0]);
  const auto waiting = get(job.id);
  EXPECT_EQ(waiting.status, JobStatus::retrying) << "it is not the first in line again";
  EXPECT_EQ(waiting.attempts.back().outcome, jobs::AttemptOutcome::handed_back);
  EXPECT_EQ(running.size(), 1U) << "it does not come back at once";
  const auto listed = ask<WorkerList>(registry, atom::workers_v);
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->workers.at(0).state, WorkerActivity::ailing);
  EXPECT_EQ(listed->workers.at(0).ailment, "no space left in /w");

  auto other = join("zoe", 1);
  const auto next = create();
  ASSERT_EQ(other.tasks->size(), 1U);
  EXPECT_EQ(other.tasks->at(0).job, next.id);
}

TEST_F(WorkerTest, TriesAgainAfterEachPauseAlsoWhereItIsTheOnlyOne) {
  start_worker();
  const auto job = create();
  ASSERT_EQ(running.size(), 1U);
  runner_cannot(running[0]);
  advance(milliseconds{900});
  EXPECT_EQ(running.size(), 1U);
  advance(seconds{3});  // The job waits for as long as chance has it, too.
  ASSERT_EQ(running.size(), 2U);
  runner_cannot(running[1]);
  advance(milliseconds{1'900});
  EXPECT_EQ(running.size(), 2U);
  advance(seconds{8});
  ASSERT_EQ(running.size(), 3U);
  runner_says(running[2], JobOutcome::completed);
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
  advance(seconds{5});
  const auto listed = ask<WorkerList>(registry, atom::workers_v);
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->workers.at(0).state, WorkerActivity::idle);
  EXPECT_EQ(listed->workers.at(0).ailment, "");
}

TEST_F(WorkerTest, JoinsOnlyOnceItsRunnersAreUp) {
  create();
  WorkerConfig config;
  config.id = {"anna", 1};
  config.connect = [this](WorkerNodeActor::pointer, auto connected, auto) {
    connected(WorkerRegistryActor{registry});
  };
  node = keep(system().spawn(worker, std::move(config)));
  advance(seconds{3});
  EXPECT_EQ(workers_joined(), 0U);
  start_runner(0);
  advance(seconds{1});
  EXPECT_EQ(running.size(), 1U);
}

TEST_F(WorkerTest, KeepsItsLeaseHoweverLongAJobTakes) {
  start_worker();
  const auto job = create();
  advance(seconds{60});
  EXPECT_EQ(get(job.id).status, JobStatus::processing);
  EXPECT_EQ(get(job.id).attempts.size(), 1U);
  runner_says(running[0], JobOutcome::completed);
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
}

TEST_F(WorkerTest, TriesForEverToReachTheCoordinator) {
  reachable = false;
  start_worker();
  advance(seconds{60});
  EXPECT_GT(connects, 25);
  EXPECT_LT(connects, 60);
  reachable = true;
  advance(seconds{3});
  EXPECT_EQ(workers_joined(), 1U);
}

TEST_F(WorkerTest, JoinsARestartedRegistryAndReportsWhatItFinishedMeanwhile) {
  start_worker();
  const auto job = create();
  reachable = false;
  kill(registry);
  runner_says(running[0], JobOutcome::completed);
  start_registry();
  reachable = true;
  advance(seconds{5});
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
  EXPECT_EQ(get(job.id).attempts.size(), 1U);
}

TEST_F(WorkerTest, ReportsAgainWhatTheStoreCouldNotTake) {
  start_worker();
  const auto job = create();
  store->fail_from(1, persistence::StoreError{persistence::StoreErrorCode::no_space, "full"});
  runner_says(running[0], JobOutcome::completed);
  advance(seconds{20});
  store->heal();
  advance(seconds{5});
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
  EXPECT_EQ(get(job.id).attempts.size(), 1U);
}

TEST_F(WorkerTest, ARunnerThatDiesCostsAnAttemptAndNotTheJob) {
  start_worker();
  const auto job = create();
  start_runner(0);  // What its supervisor does when the first one has died.
  EXPECT_EQ(get(job.id).status, JobStatus::retrying);
  advance(seconds{2});
  ASSERT_EQ(running.size(), 2U);
  runner_says(running[1], JobOutcome::completed);
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
}

TEST_F(WorkerTest, ARunnerThatIsToldToStopHandsItsJobBackAtNoCost) {
  start_worker();
  const auto job = create();
  kill(latest_runner, caf::exit_reason::user_shutdown);
  EXPECT_EQ(get(job.id).status, JobStatus::pending);
  EXPECT_EQ(get(job.id).attempts.at(0).outcome, jobs::AttemptOutcome::handed_back);
}

TEST_F(WorkerTest, DrainsByFinishingWhatRuns) {
  start_worker(2);
  const auto job = create();
  caf::anon_send_exit(node, caf::exit_reason::user_shutdown);
  run();
  const auto waiting = create();
  EXPECT_EQ(running.size(), 1U);
  EXPECT_TRUE(get(waiting.id).attempts.empty()) << "it was offered to a worker that stops";
  EXPECT_TRUE(alive());
  runner_says(running[0], JobOutcome::completed);
  EXPECT_FALSE(alive());
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
  EXPECT_EQ(get(waiting.id).status, JobStatus::pending);
  EXPECT_EQ(workers_joined(), 0U);
}

TEST_F(WorkerTest, DoesNotLeaveBeforeItsReportIsTaken) {
  start_worker();
  const auto job = create();
  store->fail_from(1, persistence::StoreError{persistence::StoreErrorCode::no_space, "full"});
  runner_says(running[0], JobOutcome::completed);
  caf::anon_send_exit(node, caf::exit_reason::user_shutdown);
  advance(seconds{3});
  EXPECT_TRUE(alive());
  store->heal();
  advance(seconds{2});
  EXPECT_FALSE(alive());
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
  EXPECT_EQ(get(job.id).attempts.size(), 1U);
}

TEST_F(WorkerTest, DoesNotStayForAJobThatItLost) {
  start_worker();
  const auto lost = create();
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, lost.id));
  advance(seconds{3});
  caf::anon_send_exit(node, caf::exit_reason::user_shutdown);
  run();
  EXPECT_FALSE(alive());
}

TEST_F(WorkerTest, HandsBackWhatDoesNotFinishInTheDrainTime) {
  start_worker();
  const auto job = create();
  caf::anon_send_exit(node, caf::exit_reason::user_shutdown);
  advance(seconds{7});
  EXPECT_FALSE(alive());
  EXPECT_EQ(get(job.id).status, JobStatus::pending);
  EXPECT_EQ(get(job.id).attempts[0].outcome, jobs::AttemptOutcome::handed_back);
}

TEST_F(WorkerTest, CallsForHelpWhenAJobHangsAndTellsItsClientWhy) {
  start_worker();
  const auto job = create();
  advance(seconds{118});
  EXPECT_TRUE(stuck.empty());
  advance(seconds{5});
  ASSERT_EQ(stuck.size(), 1U);
  EXPECT_EQ(stuck[0], "a job has run for more than 120000 ms job=" + job.id.to_string());
  const auto hung = get(job.id);
  EXPECT_EQ(hung.status, JobStatus::pending) << "it may crash once more";
  ASSERT_EQ(hung.attempts.size(), 1U);
  EXPECT_EQ(hung.attempts[0].outcome, jobs::AttemptOutcome::crashed);
  EXPECT_EQ(hung.attempts[0].error,
            "Processing took longer than the 120 s that one image may take.");
}

TEST_F(WorkerTest, EndsAJobThatTakesTooMuchCpuTime) {
  start_worker(2);
  const auto quiet = create();
  const auto greedy = create();
  cpu_time = {seconds{119}, seconds{119}};
  advance(seconds{5});
  EXPECT_TRUE(stuck.empty());
  cpu_time[1] = seconds{121};
  advance(seconds{5});
  const auto ended = get(greedy.id);
  ASSERT_FALSE(ended.attempts.empty());
  EXPECT_EQ(ended.attempts[0].outcome, jobs::AttemptOutcome::crashed);
  EXPECT_EQ(ended.attempts[0].error,
            "Processing took more than the 120 s of CPU time that one image may take.");
  ASSERT_EQ(running.size(), 2U);
  runner_says(running[0], JobOutcome::completed);
  EXPECT_EQ(get(quiet.id).status, JobStatus::completed);
  ASSERT_EQ(stuck.size(), 1U);
  EXPECT_EQ(stuck[0],
            "a job has taken more than 120000 ms of CPU time job=" + greedy.id.to_string());
}

TEST_F(WorkerTest, LetsTheNeighboursOfAJobThatHangsFinish) {
  start_worker(2);
  const auto hung = create();
  advance(seconds{60});
  const auto neighbour = create();
  advance(seconds{63});
  EXPECT_EQ(get(hung.id).attempts.at(0).outcome, jobs::AttemptOutcome::crashed);
  EXPECT_TRUE(stuck.empty());
  ASSERT_EQ(running.size(), 2U);
  runner_says(running[1], JobOutcome::completed);
  EXPECT_EQ(stuck.size(), 1U);
  EXPECT_EQ(get(neighbour.id).status, JobStatus::completed);
}

TEST_F(WorkerTest, DoesNotWaitForEverToSayThatAJobHangs) {
  start_worker();
  create();
  advance(seconds{100});
  reachable = false;
  kill(registry);
  advance(seconds{30});
  EXPECT_EQ(stuck.size(), 1U);
}

TEST_F(WorkerTest, StopsWhatItHasLostThoughItsRunnerHearsNoMessage) {
  start_worker(2);
  create();
  const auto lost = create();
  run();
  ASSERT_EQ(running.size(), 2U);
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, lost.id));
  run();
  const auto& task = running[0].job == lost.id ? running[0] : running[1];
  ASSERT_EQ(stopped.size(), 1U);
  EXPECT_EQ(stopped[0].second, task.token);
  EXPECT_EQ(stopped[0].first, running[0].job == lost.id ? 0U : 1U);
}

TEST_F(WorkerTest, TakesNoOtherJobWhileItIsBusyWithOneThatItLost) {
  start_worker();
  const auto lost = create();
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, lost.id));
  advance(seconds{3});
  const auto next = create();
  advance(seconds{5});
  EXPECT_TRUE(get(next.id).attempts.empty());
  runner_says(running[0], JobOutcome::completed);
  ASSERT_EQ(running.size(), 2U);
  EXPECT_EQ(running[1].job, next.id);
  EXPECT_EQ(get(next.id).attempts.size(), 1U);
}

TEST_F(WorkerTest, HasItsSlotsFreeAtOnceThoughAHeartbeatComesBehindAReport) {
  start_worker(2);
  create();
  const auto lost = create();
  ASSERT_EQ(running.size(), 2U);
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, lost.id));
  // The end of the job that is lost has it send a heartbeat, right behind the other one's report.
  const auto tasks = running;
  for (const auto& task : tasks)
    send_report(task, JobOutcome::completed);
  run();
  create();
  create();
  EXPECT_EQ(running.size(), 4U);
}

TEST_F(WorkerTest, DropsTheResultOfALeaseThatItLost) {
  start_worker();
  const auto job = create();
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, job.id));
  advance(seconds{3});
  runner_says(running[0], JobOutcome::completed);
  EXPECT_EQ(ask<jobs::Job>(registry, atom::get_v, job.id).error().code,
            ServiceErrorCode::unknown_job);
  create();
  EXPECT_EQ(running.size(), 2U);
}

TEST_F(WorkerTest, TakesNothingForASlotWhoseRunnerIsDead) {
  start_worker();
  kill(latest_runner);
  latest_runner = nullptr;
  advance(seconds{3});
  const auto job = create();
  advance(seconds{3});
  EXPECT_TRUE(running.empty());
  start_runner(0);
  advance(seconds{3});
  EXPECT_EQ(running.size(), 1U);
  for (const auto& attempt : get(job.id).attempts)
    EXPECT_NE(attempt.outcome, jobs::AttemptOutcome::failed);
}

}  // namespace
}  // namespace darkroom::actors
