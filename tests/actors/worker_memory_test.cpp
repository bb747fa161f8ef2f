#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/worker.hpp"
#include "tests/actors/registry_fixture.hpp"

namespace darkroom::actors {
namespace {

using jobs::JobStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

/// A runner that asks for memory when the test says so, and notes the answers.
struct Asker {
  std::vector<Task> tasks;
  std::vector<std::string> answers;
};

TaskRunnerActor::behavior_type asker(TaskRunnerActor::pointer self, Asker* notes,
                                     WorkerNodeActor node, std::uint64_t bytes) {
  return {
      [self, notes, node, bytes](atom::run, const Task& task) {
        notes->tasks.push_back(task);
        self->request(node, caf::infinite, atom::reserve_v, task.token, bytes)
            .then([notes](atom::done) { notes->answers.push_back("granted"); },
                  [self, notes, node, task](const caf::error& error) {
                    const auto reason = to_service_error(error);
                    notes->answers.push_back(reason.message);
                    const bool too_much = reason.code == ServiceErrorCode::too_much_memory;
                    self->send(node, atom::finish_v,
                               JobReport{{"anna", 1},
                                         task.job,
                                         task.token,
                                         too_much ? JobOutcome::failed : JobOutcome::handed_back,
                                         {jobs::ErrorKind::permanent, reason.message},
                                         {}});
                  });
      },
      [](atom::cancel, const jobs::LeaseToken&) {},
      [](atom::operators, const OperationActor&, const OperationActor&, const OperationActor&) {}};
}

/// A real worker with memory for 100 bytes, and a slot for each number of bytes that its task will
/// ask for.
class WorkerMemoryTest : public RegistryFixture {
 protected:
  WorkerMemoryTest() { start_registry(); }

  void start_worker(const std::vector<std::uint64_t>& needs) {
    WorkerConfig config;
    config.id = {"anna", 1};
    config.options.slots = static_cast<std::uint32_t>(needs.size());
    config.options.memory = 100;
    config.connect = [this](WorkerNodeActor::pointer, auto connected, auto) {
      connected(WorkerRegistryActor{registry});
    };
    config.stuck = [this](const std::string& why) { stuck.push_back(why); };
    node = keep(system().spawn(worker, std::move(config)));
    askers.resize(needs.size());
    runners.resize(needs.size());
    for (std::uint32_t i = 0; i < needs.size(); ++i) {
      runners[i] = keep(system().spawn(asker, &askers[i], node, needs[i]));
      caf::anon_send(node, atom::runner_v, i, runners[i]);
    }
    advance(milliseconds{200});
  }

  void end(std::size_t slot, JobOutcome outcome) {
    const Task& task = askers[slot].tasks.back();
    JobReport report{{"anna", 1}, task.job, task.token, outcome, {}, {}};
    for (const auto& spec : task.renditions)
      report.results.emplace_back().name = spec.name;
    caf::anon_send(node, atom::finish_v, report);
    run();
  }

  WorkerNodeActor node;
  std::vector<Asker> askers;
  std::vector<TaskRunnerActor> runners;
  std::vector<std::string> stuck;
};

TEST_F(WorkerMemoryTest, TwoThatFitTogetherRunTogether) {
  start_worker({50, 50});
  create();
  create();
  EXPECT_THAT(askers[0].answers, ElementsAre("granted"));
  EXPECT_THAT(askers[1].answers, ElementsAre("granted"));
}

TEST_F(WorkerMemoryTest, TheSecondOfTwoIsGrantedWhenTheFirstFinishes) {
  start_worker({60, 60});
  create();
  create();
  EXPECT_THAT(askers[0].answers, ElementsAre("granted"));
  EXPECT_THAT(askers[1].answers, IsEmpty());
  end(0, JobOutcome::completed);
  EXPECT_THAT(askers[1].answers, ElementsAre("granted"));
}

TEST_F(WorkerMemoryTest, TheSecondIsGrantedWhenTheFirstFails) {
  start_worker({60, 60});
  create();
  create();
  end(0, JobOutcome::failed);
  EXPECT_THAT(askers[1].answers, ElementsAre("granted"));
}

TEST_F(WorkerMemoryTest, TheSecondIsGrantedWhenTheFirstRunnerDies) {
  start_worker({60, 60});
  create();
  create();
  kill(runners[0]);
  EXPECT_THAT(askers[1].answers, ElementsAre("granted"));
}

TEST_F(WorkerMemoryTest, ARunnerThatDiesWaitingMakesRoomInTheQueue) {
  start_worker({60, 90, 40});
  create();
  create();
  create();
  EXPECT_THAT(askers[2].answers, IsEmpty());
  kill(runners[1]);
  EXPECT_THAT(askers[2].answers, ElementsAre("granted"));
}

TEST_F(WorkerMemoryTest, ALargeOneIsNotOvertakenBySmallOnes) {
  start_worker({60, 90, 10});
  create();
  create();
  create();
  EXPECT_THAT(askers[1].answers, IsEmpty());
  EXPECT_THAT(askers[2].answers, IsEmpty());
  end(0, JobOutcome::completed);
  EXPECT_THAT(askers[1].answers, ElementsAre("granted"));
  EXPECT_THAT(askers[2].answers, ElementsAre("granted"));
}

TEST_F(WorkerMemoryTest, WhatCanNeverFitFailsAtOnce) {
  start_worker({101});
  const auto job = create();
  EXPECT_EQ(askers[0].answers.size(), 1U);
  EXPECT_EQ(get(job.id).status, JobStatus::failed);
  EXPECT_THAT(get(job.id).error_message, testing::Optional(testing::HasSubstr("worker.memory")));
}

TEST_F(WorkerMemoryTest, WaitingDoesNotCountAgainstTheTimeLimit) {
  start_worker({60, 60});
  const auto first = create();
  const auto second = create();
  advance(seconds{100});
  end(0, JobOutcome::completed);
  ASSERT_THAT(askers[1].answers, ElementsAre("granted"));
  advance(seconds{110});
  EXPECT_TRUE(stuck.empty());
  EXPECT_EQ(get(first.id).status, JobStatus::completed);
  EXPECT_EQ(get(second.id).status, JobStatus::processing) << "its lease is renewed meanwhile";
  advance(seconds{15});
  EXPECT_EQ(stuck.size(), 1U);
}

TEST_F(WorkerMemoryTest, DrainingHandsBackWhatWaits) {
  start_worker({60, 60});
  const auto first = create();
  const auto second = create();
  caf::anon_send_exit(node, caf::exit_reason::user_shutdown);
  run();
  EXPECT_EQ(askers[1].answers.size(), 1U);
  EXPECT_EQ(get(second.id).status, JobStatus::pending);
  EXPECT_EQ(get(second.id).attempts.at(0).outcome, jobs::AttemptOutcome::handed_back);
  end(0, JobOutcome::completed);
  EXPECT_EQ(get(first.id).status, JobStatus::completed);
}

TEST_F(WorkerMemoryTest, AJobThatIsDeletedStopsWaiting) {
  start_worker({60, 60});
  create();
  const auto second = create();
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, second.id));
  advance(seconds{3});
  EXPECT_EQ(askers[1].answers.size(), 1U);
  create();
  EXPECT_EQ(askers[1].tasks.size(), 2U) << "the slot is good for other work";
}

}  // namespace
}  // namespace darkroom::actors
