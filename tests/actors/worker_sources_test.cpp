#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/worker.hpp"
#include "tests/actors/registry_fixture.hpp"

// A real worker and a real registry; source fetchers and runners that do what the test says.

namespace darkroom::actors {
namespace {

using jobs::AttemptOutcome;
using jobs::JobStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;

class WorkerSourcesTest : public RegistryFixture {
 protected:
  WorkerSourcesTest() { start_registry(); }

  void start_worker(std::uint32_t fetches = 1, std::uint32_t slots = 1) {
    WorkerConfig config;
    config.id = {"anna", 1};
    config.options.slots = slots;
    config.options.fetches = fetches;
    config.options.drain_timeout = drain_timeout;
    config.connect = [this](WorkerNodeActor::pointer, auto connected, auto failed) {
      if (reachable) {
        connected(WorkerRegistryActor{registry});
      } else {
        failed("nobody is there");
      }
    };
    config.cpu_time = [this](std::size_t) { return cpu_time; };
    config.stuck = [this](const std::string& why) { stuck.push_back(why); };
    config.cancel = [this](std::size_t, const jobs::LeaseToken& task) { stopped.push_back(task); };
    node = keep(system().spawn(worker, std::move(config)));
    for (std::uint32_t i = 0; i < fetches; ++i)
      start_fetcher(i);
    for (std::uint32_t i = 0; i < slots; ++i)
      start_runner(i);
    advance(milliseconds{200});
  }

  void start_fetcher(std::uint32_t index = 0) {
    fetcher = keep(system().spawn(
        [](std::vector<Task>& tasks) -> SourceFetcherActor::behavior_type {
          return {[&tasks](atom::run, const Task& task) { tasks.push_back(task); }};
        },
        std::ref(fetching)));
    caf::anon_send(node, atom::fetcher_v, index, fetcher);
    run();
  }

  void start_runner(std::uint32_t index = 0) {
    auto runner = keep(system().spawn(
        [](std::vector<Task>& tasks) -> TaskRunnerActor::behavior_type {
          return {[&tasks](atom::run, const Task& task) { tasks.push_back(task); },
                  [](atom::cancel, const jobs::LeaseToken&) {},
                  [](atom::operators, const OperationActor&, const OperationActor&,
                     const OperationActor&) {}};
        },
        std::ref(running)));
    caf::anon_send(node, atom::runner_v, index, runner);
    run();
  }

  jobs::Job create_source() {
    auto job = new_job();
    job.source_url = "https://example.org/a.png";
    return create(job);
  }

  static FetchedReport report_of(const Task& task) {
    FetchedReport report{{"anna", 1}, task.job, task.token, {}, false};
    report.original.blob_key = task.original_key;
    report.original.format = "png";
    report.original.sha256 = std::string(64, 'a');
    report.original.bytes = 9;
    return report;
  }

  void fetcher_has(const Task& task) {
    caf::anon_send(node, atom::fetched_v, report_of(task));
    run();
  }

  ServiceStatus status() { return ask<ServiceStatus>(registry, atom::status_v).value(); }

  void report(const Task& task, JobOutcome outcome, jobs::JobError error = {}) {
    JobReport report{{"anna", 1}, task.job, task.token, outcome, std::move(error), {}};
    if (outcome == JobOutcome::completed) {
      for (const auto& spec : task.renditions)
        report.results.emplace_back().name = spec.name;
    }
    caf::anon_send(node, atom::finish_v, report);
    run();
  }

  WorkerNodeActor node;
  SourceFetcherActor fetcher;
  bool reachable = true;
  milliseconds drain_timeout = WorkerOptions{}.drain_timeout;
  std::vector<Task> fetching;
  std::vector<Task> running;
  std::vector<std::string> stuck;
  std::vector<jobs::LeaseToken> stopped;
  seconds cpu_time{0};  ///< As the slot's meter has it.
};

TEST_F(WorkerSourcesTest, FetchesTheOriginalFirstAndThenRunsTheTask) {
  start_worker();
  const auto job = create_source();
  ASSERT_EQ(fetching.size(), 1U);
  EXPECT_EQ(fetching[0].source_url, job.source_url);
  EXPECT_EQ(fetching[0].original_key, jobs::fetched_key(job, 1));
  EXPECT_TRUE(running.empty());
  EXPECT_FALSE(has_original(get(job.id)));

  fetcher_has(fetching[0]);
  ASSERT_EQ(running.size(), 1U);
  EXPECT_EQ(running[0].original_sha256, std::string(64, 'a'));
  EXPECT_EQ(running[0].original_key, fetching[0].original_key);
  EXPECT_EQ(get(job.id).original.format, "png");
  EXPECT_EQ(get(job.id).status, JobStatus::processing);
  report(running[0], JobOutcome::completed);
  const auto done = get(job.id);
  EXPECT_EQ(done.status, JobStatus::completed);
  EXPECT_EQ(done.attempts.size(), 1U);
}

TEST_F(WorkerSourcesTest, RunsOtherTasksAtOnce) {
  start_worker();
  create();
  EXPECT_TRUE(fetching.empty());
  EXPECT_EQ(running.size(), 1U);
}

TEST_F(WorkerSourcesTest, ALaterAttemptFindsTheOriginalThere) {
  start_worker();
  const auto job = create_source();
  fetcher_has(fetching.at(0));
  report(running.at(0), JobOutcome::failed, {jobs::ErrorKind::transient, "The disk was busy."});
  advance(seconds{3});
  EXPECT_EQ(fetching.size(), 1U);
  ASSERT_EQ(running.size(), 2U);
  EXPECT_EQ(running[1].attempt, 2U);
  EXPECT_EQ(running[1].original_key, jobs::fetched_key(job, 1));
}

TEST_F(WorkerSourcesTest, AFetchThatFailsIsTriedAgainOrNot) {
  start_worker();
  const auto job = create_source();
  report(fetching.at(0), JobOutcome::failed, {jobs::ErrorKind::transient, "It took too long."});
  EXPECT_EQ(get(job.id).status, JobStatus::retrying);
  advance(seconds{3});
  ASSERT_EQ(fetching.size(), 2U);
  EXPECT_EQ(fetching[1].original_key, jobs::fetched_key(job, 2)) << "a file of its own";
  report(fetching[1], JobOutcome::failed, {jobs::ErrorKind::permanent, "It answered 404."});
  const auto failed = get(job.id);
  EXPECT_EQ(failed.status, JobStatus::failed);
  EXPECT_EQ(failed.error_message, "It answered 404.");
  EXPECT_TRUE(running.empty());
}

TEST_F(WorkerSourcesTest, GetsNothingToFetchWhereItDoesNotFetch) {
  start_worker(0);
  const auto job = create_source();
  create();
  EXPECT_EQ(running.size(), 1U) << "it does what it can";
  advance(seconds{60});
  EXPECT_EQ(get(job.id).status, JobStatus::pending);
  EXPECT_TRUE(get(job.id).attempts.empty());
}

TEST_F(WorkerSourcesTest, SourcesThatHangTakeNoSlots) {
  start_worker(2, 2);
  std::vector<jobs::Job> hanging;
  for (int i = 0; i < 5; ++i)
    hanging.push_back(create_source());
  EXPECT_EQ(fetching.size(), 2U) << "no more at once than it was told";
  const auto uploaded = create();
  ASSERT_EQ(running.size(), 1U) << "without any time passing";
  report(running[0], JobOutcome::completed);
  EXPECT_EQ(get(uploaded.id).status, JobStatus::completed);
  create();
  create();
  EXPECT_EQ(running.size(), 3U) << "both slots are good for work";
  advance(seconds{30});
  EXPECT_EQ(fetching.size(), 2U);
  report(fetching[0], JobOutcome::failed, {jobs::ErrorKind::permanent, "It took too long."});
  EXPECT_EQ(fetching.size(), 3U);
  EXPECT_EQ(get(hanging[0].id).status, JobStatus::failed);
}

TEST_F(WorkerSourcesTest, WhatWasFetchedWaitsItsTurnAsIfItHadBeenUploadedThen) {
  start_worker();
  const auto source = create_source();
  const auto working = create();
  advance(seconds{1});
  const auto uploaded = create();
  advance(seconds{1});
  fetcher_has(fetching.at(0));
  EXPECT_EQ(get(source.id).status, JobStatus::pending);
  EXPECT_TRUE(get(source.id).attempts.empty());
  create_source();
  EXPECT_EQ(fetching.size(), 2U) << "who fetched is free at once";
  report(running.at(0), JobOutcome::completed);
  ASSERT_EQ(running.size(), 2U);
  EXPECT_EQ(running[1].job, uploaded.id);
  report(running[1], JobOutcome::completed);
  ASSERT_EQ(running.size(), 3U);
  EXPECT_EQ(running[2].job, source.id);
  EXPECT_EQ(running[2].attempt, 1U);
}

TEST_F(WorkerSourcesTest, TellsOfTheOriginalOnceTheRegistryIsBack) {
  start_worker();
  const auto job = create_source();
  reachable = false;
  kill(registry);
  fetcher_has(fetching.at(0));
  EXPECT_TRUE(running.empty());
  start_registry();
  reachable = true;
  advance(seconds{5});
  ASSERT_EQ(running.size(), 1U);
  EXPECT_EQ(fetching.size(), 1U);
  EXPECT_TRUE(has_original(get(job.id)));
  EXPECT_EQ(get(job.id).attempts.size(), 1U);
}

TEST_F(WorkerSourcesTest, TellsAgainWhatTheStoreCouldNotTakeHoweverLongThatIs) {
  start_worker();
  const auto job = create_source();
  store->fail_from(1, persistence::StoreError{persistence::StoreErrorCode::no_space, "full"});
  fetcher_has(fetching.at(0));
  advance(seconds{150});
  EXPECT_TRUE(running.empty());
  EXPECT_TRUE(stuck.empty()) << "nobody works on it, so nothing hangs";
  store->heal();
  advance(seconds{5});
  ASSERT_EQ(running.size(), 1U);
  EXPECT_EQ(get(job.id).attempts.size(), 1U);
}

TEST_F(WorkerSourcesTest, StopsAFetchThatNobodyWants) {
  start_worker();
  const auto job = create_source();
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::cancel_v, job.id));
  EXPECT_THAT(stopped, testing::ElementsAre(fetching.at(0).token));
  report(fetching[0], JobOutcome::handed_back);
  create();
  EXPECT_EQ(running.size(), 1U) << "the slot is free again";
}

TEST_F(WorkerSourcesTest, DropsAnOriginalThatComesTooLate) {
  start_worker();
  const auto job = create_source();
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, job.id));
  fetcher_has(fetching.at(0));
  EXPECT_TRUE(running.empty());
  create();
  EXPECT_EQ(running.size(), 1U) << "the slot is free again";
}

TEST_F(WorkerSourcesTest, FreesTheSlotOfAJobThatIsGoneWhileItsOriginalIsReported) {
  start_worker();
  const auto job = create_source();
  store->fail_from(1, persistence::StoreError{persistence::StoreErrorCode::no_space, "full"});
  fetcher_has(fetching.at(0));
  store->heal();
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, job.id));
  advance(seconds{3});
  create();
  EXPECT_EQ(running.size(), 1U);
}

TEST_F(WorkerSourcesTest, AFetcherThatDiesCostsAnAttemptAndNotTheJob) {
  start_worker();
  const auto job = create_source();
  kill(fetcher);
  EXPECT_EQ(get(job.id).status, JobStatus::retrying);
  start_fetcher();
  advance(seconds{3});
  ASSERT_EQ(fetching.size(), 2U);
  fetcher_has(fetching[1]);
  report(running.at(0), JobOutcome::completed);
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
}

TEST_F(WorkerSourcesTest, ARunnerThatDiesMeanwhileDoesNotMatter) {
  start_worker();
  const auto job = create_source();
  start_runner();  // What its supervisor does when the first one has died.
  fetcher_has(fetching.at(0));
  ASSERT_EQ(running.size(), 1U);
  EXPECT_EQ(get(job.id).attempts.size(), 1U);
}

TEST_F(WorkerSourcesTest, HandsBackWhatItFetchesWhenItDrains) {
  start_worker();
  const auto job = create_source();
  caf::anon_send_exit(node, caf::exit_reason::user_shutdown);
  run();
  EXPECT_THAT(stopped, testing::ElementsAre(fetching.at(0).token));
  report(fetching[0], JobOutcome::handed_back);
  EXPECT_EQ(get(job.id).status, JobStatus::pending);
  EXPECT_EQ(get(job.id).attempts.at(0).outcome, AttemptOutcome::handed_back);
}

TEST_F(WorkerSourcesTest, DoesNotReportWhatItsLeavingHandsBackAlready) {
  drain_timeout = seconds{1};
  start_worker();
  const auto job = create_source();
  caf::anon_send_exit(node, caf::exit_reason::user_shutdown);
  run();
  // The fetch takes longer to stop than the drain, and a task crosses with the leave.
  caf::anon_send(node, atom::leave_v);
  caf::anon_send(node, atom::finish_v,
                 JobReport{{"anna", 1},
                           job.id,
                           fetching.at(0).token,
                           JobOutcome::handed_back,
                           {jobs::ErrorKind::transient, "It was stopped."},
                           {}});
  Task late = fetching[0];
  late.token = jobs::LeaseToken::generate();
  caf::anon_send(node, atom::run_v, late);
  run();
  EXPECT_EQ(status().counts.refused_reports, 0U);
  EXPECT_EQ(status().workers, 0U);
  EXPECT_EQ(get(job.id).status, JobStatus::pending);
  EXPECT_EQ(get(job.id).attempts.at(0).outcome, AttemptOutcome::handed_back);
}

TEST_F(WorkerSourcesTest, ReportsFilesAlsoWhenItHasLeft) {
  start_worker();
  const auto job = create();
  caf::anon_send_exit(node, caf::exit_reason::user_shutdown);
  run();
  caf::anon_send(node, atom::leave_v);
  JobReport late{{"anna", 1}, job.id, running.at(0).token, JobOutcome::handed_back, {}, {}};
  late.results.emplace_back().name = "thumbnail";
  caf::anon_send(node, atom::finish_v, late);
  run();
  EXPECT_EQ(status().counts.refused_reports, 1U) << "the registry knows whether they are of use";
}

TEST_F(WorkerSourcesTest, AFetchThatTheRegistryDoesNotKnowLeavesTheSlotsFree) {
  start_worker();
  create_source();
  reachable = false;
  kill(registry);
  store = std::make_shared<persistence::FaultyJobStore>(persistence::make_memory_job_store());
  start_registry();
  create();
  reachable = true;
  while (status().workers == 0)
    advance(milliseconds{10});
  EXPECT_EQ(running.size(), 1U) << "before any further heartbeat";
}

TEST_F(WorkerSourcesTest, HoldsTheLeaseOfAFetchAfterOneThatWasLostWhileItWasReported) {
  start_worker();
  const auto first = create_source();
  // The lease is revoked before the registry has answered the report.
  caf::anon_send(node, atom::fetched_v, report_of(fetching.at(0)));
  caf::anon_send(node, atom::cancel_v, fetching[0].token);
  run();
  EXPECT_TRUE(has_original(get(first.id)));
  const auto second = create_source();
  ASSERT_EQ(fetching.size(), 2U);
  advance(seconds{30});
  EXPECT_EQ(fetching.size(), 2U);
  const auto held = get(second.id).lease;
  ASSERT_TRUE(held);
  EXPECT_EQ(held->token, fetching[1].token);
  EXPECT_EQ(get(second.id).attempts.size(), 1U);
}

TEST_F(WorkerSourcesTest, AFetchIsNotChargedWithWhatTheTaskBeforeItTook) {
  start_worker();
  cpu_time = seconds{500};
  create_source();
  advance(seconds{10});
  EXPECT_TRUE(stuck.empty());
  fetcher_has(fetching.at(0));
  advance(seconds{10});
  EXPECT_EQ(stuck.size(), 1U) << "from then on it is the task's own";
}

TEST_F(WorkerSourcesTest, CallsForHelpWhereAFetchHangs) {
  start_worker();
  create_source();
  advance(seconds{125});
  EXPECT_EQ(stuck.size(), 1U);
}

}  // namespace
}  // namespace darkroom::actors
