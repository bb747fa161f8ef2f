#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/actors/registry_fixture.hpp"

// Whose fault it is when a worker process dies, and what becomes of the jobs that were in it.

namespace darkroom::actors {
namespace {

using jobs::AttemptOutcome;
using jobs::JobStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

class JobRegistryLossTest : public RegistryFixture {
 protected:
  JobRegistryLossTest() { start_registry(); }

  jobs::Job create_source() {
    auto job = new_job();
    job.source_url = "https://example.org/a.png";
    return create(job);
  }
  AttemptOutcome first_outcome(const jobs::Job& job) { return get(job.id).attempts.at(0).outcome; }
};

TEST_F(JobRegistryLossTest, ADeathThatNobodyExplainsIsOneAfterAMoment) {
  const auto anna = join("anna");
  const auto bert = join("bert", 2);
  const auto job = create();
  const auto& holder = anna.tasks->empty() ? bert : anna;
  const auto& other = anna.tasks->empty() ? anna : bert;
  kill(holder.actor);
  EXPECT_TRUE(other.tasks->empty());
  advance(milliseconds{300});
  ASSERT_EQ(other.tasks->size(), 1U);
  EXPECT_THAT(*get(job.id).attempts[0].error, HasSubstr("its connection broke"));
}

TEST_F(JobRegistryLossTest, WordOfTheDeathMayComeBeforeTheConnectionBreaks) {
  const auto anna = join("anna");
  const auto job = create();
  caf::anon_send(registry, atom::exited_v, std::string{"anna"}, std::string{"signal 9 (Killed)"});
  run();
  // What it sent last may be on its way still.
  ASSERT_TRUE(complete(anna, anna.tasks->front()));
  const auto next = create();
  kill(anna.actor);
  EXPECT_EQ(get(job.id).status, JobStatus::completed);
  EXPECT_EQ(get(next.id).attempts.at(0).error, "its process ended with signal 9 (Killed)");
}

TEST_F(JobRegistryLossTest, TheEndOfAWorkerThatIsNotHereMeansNothing) {
  caf::anon_send(registry, atom::exited_v, std::string{"anna"}, std::string{"exit code 0"});
  run();
  const auto anna = join("anna");
  const auto job = create();
  lose(anna);
  EXPECT_THAT(*get(job.id).attempts.at(0).error, HasSubstr("its connection broke"));
}

TEST_F(JobRegistryLossTest, NeighboursAreNotChargedAndOnlyTheGuiltyOneFails) {
  const auto anna = join("anna", 3);
  const auto poison = create();
  const auto good = create();
  const auto better = create();
  ASSERT_EQ(anna.tasks->size(), 3U);
  die(anna);
  for (const auto& job : {poison, good, better}) {
    EXPECT_EQ(get(job.id).status, JobStatus::pending);
    EXPECT_EQ(get(job.id).attempts.at(0).outcome, AttemptOutcome::interrupted);
  }
  // From now on each has a process to itself.
  for (int round = 0; round < 5; ++round) {
    const auto bert = join("bert" + std::to_string(round), 3);
    while (!bert.tasks->empty()) {
      ASSERT_EQ(bert.tasks->size(), 1U) << "nothing runs beside it";
      const auto task = bert.tasks->front();
      bert.tasks->clear();
      if (task.job == poison.id) {
        die(bert);
      } else {
        ASSERT_TRUE(complete(bert, task));
      }
    }
  }
  EXPECT_EQ(get(good.id).status, JobStatus::completed);
  EXPECT_EQ(get(better.id).status, JobStatus::completed);
  EXPECT_EQ(get(poison.id).status, JobStatus::failed);
  EXPECT_EQ(get(poison.id).attempts.size(), 3U);
}

TEST_F(JobRegistryLossTest, WhatDecodesIsChargedAndNotYetWhatFetchesBesideIt) {
  const auto anna = join("anna");
  const auto source = create_source();
  const auto picture = create();
  ASSERT_EQ(anna.tasks->size(), 2U);
  die(anna);
  EXPECT_EQ(first_outcome(picture), AttemptOutcome::crashed);
  EXPECT_EQ(first_outcome(source), AttemptOutcome::interrupted);
}

TEST_F(JobRegistryLossTest, AFetchThatEndsOneProcessAfterTheOtherFailsAndNotWhatIsBesideIt) {
  const auto source = create_source();
  std::vector<jobs::JobId> pictures;
  for (int round = 0; round < 6 && get(source.id).status != JobStatus::failed; ++round) {
    pictures.push_back(create().id);
    advance(std::chrono::minutes{1});
    die(join("worker" + std::to_string(round), 2));
  }
  EXPECT_EQ(get(source.id).status, JobStatus::failed);
  for (const auto& picture : pictures)
    EXPECT_NE(get(picture).status, JobStatus::failed);
}

TEST_F(JobRegistryLossTest, FetchesAreChargedWhereNothingElseCanHaveBeenIt) {
  const auto anna = join("anna");
  const auto source = create_source();
  die(anna);
  EXPECT_EQ(first_outcome(source), AttemptOutcome::crashed);
  const auto bert = join("bert", 1, {}, 1, 2);
  const auto other = create_source();
  ASSERT_EQ(bert.tasks->size(), 2U);
  die(bert);
  EXPECT_EQ(get(source.id).attempts.at(1).outcome, AttemptOutcome::interrupted);
  EXPECT_EQ(first_outcome(other), AttemptOutcome::interrupted);
  // They have no process to themselves, so that would go on for ever.
  const auto carl = join("carl", 1, {}, 1, 2);
  ASSERT_EQ(carl.tasks->size(), 2U);
  die(carl);
  EXPECT_EQ(get(source.id).status, JobStatus::failed);
  EXPECT_EQ(get(other.id).attempts.at(1).outcome, AttemptOutcome::crashed);
}

TEST_F(JobRegistryLossTest, AFetchKeepsNoProcessFromAJobThatMustRunAlone) {
  const auto anna = join("anna", 2);
  const auto one = create();
  const auto two = create();
  die(anna);
  const auto bert = join("bert", 2);
  const auto source = create_source();
  ASSERT_EQ(bert.tasks->size(), 2U);
  EXPECT_NE(bert.tasks->at(0).job, source.id);
  EXPECT_EQ(bert.tasks->at(1).job, source.id);
  ASSERT_TRUE(complete(bert, bert.tasks->at(0)));
  EXPECT_EQ(bert.tasks->size(), 3U) << "the other one that must run alone";
}

TEST_F(JobRegistryLossTest, ANeighbourThatWasCancelledMayHaveBeenTheGuiltyOne) {
  const auto anna = join("anna", 2);
  const auto good = create();
  const auto poison = create();
  ASSERT_EQ(anna.tasks->size(), 2U);
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::cancel_v, poison.id));
  die(anna);
  EXPECT_EQ(get(good.id).attempts.at(0).outcome, AttemptOutcome::interrupted);
}

TEST_F(JobRegistryLossTest, SoMayOneThatWasCancelledBeforeTheDeathWasExplained) {
  const auto anna = join("anna", 2);
  const auto good = create();
  const auto poison = create();
  kill(anna.actor);
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::cancel_v, poison.id));
  advance(seconds{1});
  EXPECT_EQ(get(good.id).attempts.at(0).outcome, AttemptOutcome::interrupted);
}

TEST_F(JobRegistryLossTest, SoMayOneWhoseTaskWasLateAndWhoseLeaseRanOut) {
  const auto anna = join("anna", 2);
  const auto good = create();
  advance(seconds{1});
  const auto poison = create();
  ASSERT_EQ(anna.tasks->size(), 2U);
  const std::vector held{anna.tasks->front().token};
  // Its task is on its way to her for longer than a lease.
  while (get(poison.id).attempts.back().outcome == AttemptOutcome::running) {
    ASSERT_TRUE(beat(anna, held, 2));
    advance(seconds{1});
  }
  die(anna);
  EXPECT_EQ(get(good.id).attempts.back().outcome, AttemptOutcome::interrupted);
}

TEST_F(JobRegistryLossTest, AJobThatMustRunAloneIsNotStarvedByOthers) {
  const auto anna = join("anna", 2);
  const auto first = create();
  const auto second = create();
  die(anna);
  const auto bert = join("bert", 2);
  // A job that is alone runs; many others wait, and more come.
  for (int i = 0; i < 4; ++i)
    create();
  std::size_t done = 0;
  while (done < bert.tasks->size() && done < 20) {
    ASSERT_TRUE(complete(bert, bert.tasks->at(done)));
    ++done;
    if (done < 10) create();
  }
  EXPECT_EQ(get(first.id).status, JobStatus::completed);
  EXPECT_EQ(get(second.id).status, JobStatus::completed);
}

TEST_F(JobRegistryLossTest, AWorkerIsKeptFreeForAJobThatMustRunAlone) {
  const auto anna = join("anna", 2);
  create();
  create();
  const auto bert = join("bert", 2);
  const auto third = create();
  const auto fourth = create();
  ASSERT_EQ(bert.tasks->size(), 2U);
  die(anna);
  // Two must run alone now, and bert is busy with two others.
  const auto waiting = create();
  ASSERT_TRUE(complete(bert, bert.tasks->at(0)));
  EXPECT_EQ(bert.tasks->size(), 2U) << "no new job goes to the worker that will be empty first";
  ASSERT_TRUE(complete(bert, bert.tasks->at(1)));
  ASSERT_EQ(bert.tasks->size(), 3U);
  EXPECT_TRUE(get(bert.tasks->at(2).job).alone);
  EXPECT_TRUE(get(waiting.id).attempts.empty());
}

TEST_F(JobRegistryLossTest, AJobThatAFrozenWorkerMayNotHaveBegunWithIsNotChargedAtOnce) {
  const auto job = create();
  for (const auto outcome :
       {AttemptOutcome::interrupted, AttemptOutcome::crashed, AttemptOutcome::crashed}) {
    const auto worker = join("anna", 1, {}, get(job.id).attempts.size() + 1);
    ASSERT_EQ(worker.tasks->size(), 1U);
    advance(seconds{9});
    EXPECT_EQ(get(job.id).attempts.back().outcome, outcome);
    kill(worker.actor);
  }
  EXPECT_EQ(get(job.id).status, JobStatus::failed) << "it cannot go round for ever";
}

TEST_F(JobRegistryLossTest, NorIsOneWhoseWorkerWasFrozenBeforeItWasKilled) {
  const auto anna = join("anna");
  advance(seconds{5});
  const auto job = create();
  die(anna);
  EXPECT_EQ(get(job.id).attempts.at(0).outcome, AttemptOutcome::interrupted);
  EXPECT_EQ(get(job.id).status, JobStatus::pending);
}

TEST_F(JobRegistryLossTest, AWorkerThatIsBackOverANewConnectionKeepsItsLeases) {
  const auto anna = join("anna", 2);
  const auto first = create();
  const auto second = create();
  ASSERT_EQ(anna.tasks->size(), 2U);
  const std::vector held{anna.tasks->at(0).token, anna.tasks->at(1).token};
  kill(anna.actor);
  const auto again = join("anna", 2, held);
  advance(seconds{1});
  for (const auto& job : {first, second}) {
    EXPECT_EQ(get(job.id).status, JobStatus::processing);
    EXPECT_EQ(get(job.id).attempts.size(), 1U);
  }
  EXPECT_TRUE(beat(again, held, 2)->lost.empty());
  EXPECT_TRUE(complete(again, anna.tasks->at(0)));
}

TEST_F(JobRegistryLossTest, AFrozenWorkersOnlyJobIsCharged) {
  const auto anna = join("anna");
  const auto job = create();
  advance(seconds{1});
  ASSERT_TRUE(beat(anna, {anna.tasks->front().token}));
  advance(seconds{9});
  EXPECT_EQ(get(job.id).attempts.at(0).outcome, AttemptOutcome::crashed);
  EXPECT_EQ(get(job.id).attempts.at(0).error, "the worker fell silent");
}

TEST_F(JobRegistryLossTest, ARunawayCodecIsACrash) {
  const auto anna = join("anna", 2);
  const auto hung = create();
  const auto neighbour = create();
  const auto& task = anna.tasks->front();
  const JobReport report{anna.id,
                         task.job,
                         task.token,
                         JobOutcome::crashed,
                         {jobs::ErrorKind::transient, "Processing took longer than 120 s."},
                         {}};
  ASSERT_TRUE(ask<atom::done>(registry, atom::finish_v, report));
  ASSERT_TRUE(ask<atom::done>(registry, atom::finish_v, report)) << "it may be sent twice";
  EXPECT_EQ(get(hung.id).attempts.at(0).outcome, AttemptOutcome::crashed);
  EXPECT_EQ(get(neighbour.id).status, JobStatus::processing);
  // It runs on until the process ends, which it may well bring about itself.
  die(anna);
  EXPECT_EQ(get(neighbour.id).attempts.at(0).outcome, AttemptOutcome::interrupted);
}

TEST_F(JobRegistryLossTest, ALeaseRunsOutThoughTheRegistryIsSlowAllTheTime) {
  const auto anna = join("anna");
  const auto job = create();
  for (int i = 0; i < 8; ++i)
    jump(milliseconds{1'500});
  EXPECT_EQ(get(job.id).status, JobStatus::pending);
}

TEST_F(JobRegistryLossTest, AQueueMayHaveABudgetOfItsOwn) {
  kill(registry);
  RegistryOptions options;
  options.queue_retry["media"].crashes = 1;
  start_registry(options);
  auto media = new_job();
  media.queue = "media";
  create(media);
  const auto anna = join("anna");
  die(anna);
  EXPECT_EQ(get(media.id).status, JobStatus::failed);
}

/// A worker process of a node on another machine, which has a job and has said so.
class RemoteLossTest : public RegistryFixture {
 protected:
  ScriptedWorker join_from(const std::string& node, std::uint64_t incarnation) {
    const auto worker = start_worker(node + "-1", incarnation);
    WorkerHello hello{worker.id, 1, 1, {}};
    hello.node = node;
    EXPECT_TRUE(ask_to_join(hello, worker));
    run();
    return worker;
  }
};

TEST_F(RemoteLossTest, ABrokenConnectionIsNoCrashUnlessItBreaksAgainAndAgain) {
  start_registry();
  const auto job = create();
  for (std::uint64_t time = 1; time <= 3; ++time) {
    const auto worker = join_from("paris", time);
    ASSERT_EQ(worker.tasks->size(), 1U) << time;
    ASSERT_TRUE(beat(worker, {worker.tasks->at(0).token}));
    lose(worker);
  }
  const auto after = get(job.id);
  EXPECT_EQ(after.attempts.at(0).outcome, jobs::AttemptOutcome::interrupted);
  EXPECT_EQ(after.attempts.at(1).outcome, jobs::AttemptOutcome::crashed);
  EXPECT_EQ(after.status, jobs::JobStatus::failed) << "or a picture that takes machines down would "
                                                      "take all of them";
}

TEST_F(RemoteLossTest, ADeathOfWhichItsNodeTellsIsACrash) {
  start_registry();
  const auto job = create();
  const auto worker = join_from("paris", 1);
  ASSERT_TRUE(beat(worker, {worker.tasks->at(0).token}));
  die(worker);
  EXPECT_EQ(get(job.id).attempts.at(0).outcome, jobs::AttemptOutcome::crashed);
}

}  // namespace
}  // namespace darkroom::actors
