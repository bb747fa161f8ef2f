#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/actors/registry_fixture.hpp"

// Renditions that were written for nothing: the registry has them removed as soon as it hears of
// them, and nothing else.

namespace darkroom::actors {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class UnwantedBlobsTest : public RegistryFixture {
 protected:
  UnwantedBlobsTest() {
    start_registry();
    auto remover = keep(system().spawn(
        [](std::vector<std::string>& keys) -> BlobRemoverActor::behavior_type {
          return {[&keys](atom::discard, const std::string& key) { keys.push_back(key); }};
        },
        std::ref(discarded)));
    caf::anon_send(registry, atom::janitor_v, remover);
    run();
  }

  tl::expected<atom::done, ServiceError> report(const ScriptedWorker& worker, const Task& task,
                                                std::size_t rendition) {
    jobs::RenditionResult result;
    result.name = task.renditions[rendition].name;
    result.blob_key = key(task, rendition);
    return ask<atom::done>(registry, atom::rendition_v,
                           RenditionReport{worker.id, task.job, task.token, result});
  }

  static std::string key(const Task& task, std::size_t rendition) {
    return jobs::rendition_key(task.job, task.renditions[rendition], task.attempt);
  }

  std::vector<std::string> discarded;
};

TEST_F(UnwantedBlobsTest, ARenditionOfADeletedJobIsRemoved) {
  const auto anna = join("anna");
  const auto job = create();
  const auto task = anna.tasks->front();
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, job.id));
  EXPECT_FALSE(report(anna, task, 0));
  EXPECT_THAT(discarded, ElementsAre(key(task, 0)));
}

TEST_F(UnwantedBlobsTest, SoAreThoseThatTheReportOfTheWholeJobNames) {
  const auto anna = join("anna");
  const auto job = create();
  const auto task = anna.tasks->front();
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, job.id));
  JobReport late{anna.id, task.job, task.token, JobOutcome::completed, {}, {}};
  for (std::size_t i = 0; i < task.renditions.size(); ++i)
    late.results.emplace_back().blob_key = key(task, i);
  EXPECT_FALSE(ask<atom::done>(registry, atom::finish_v, late));
  EXPECT_THAT(discarded, UnorderedElementsAre(key(task, 0), key(task, 1), key(task, 2)));
}

TEST_F(UnwantedBlobsTest, AnOriginalThatWasFetchedForAnAttemptThatIsOverIsRemoved) {
  const auto anna = join("anna");
  auto job = new_job();
  job.source_url = "https://example.org/a.png";
  create(job);
  const auto task = anna.tasks->front();
  const auto bert = join("bert");
  die(anna);
  ASSERT_EQ(bert.tasks->size(), 1U);
  FetchedReport report{anna.id, task.job, task.token, {}, false};
  report.original.blob_key = task.original_key;
  report.original.sha256 = std::string(64, 'a');
  report.original.bytes = 9;
  EXPECT_EQ(ask<atom::done>(registry, atom::fetched_v, report).error().code,
            ServiceErrorCode::stale_lease);
  EXPECT_THAT(discarded, ElementsAre(task.original_key));
  // Whatever it says: what the job has or may have stays, and so does what is of no job yet.
  discarded.clear();
  report.original.blob_key = bert.tasks->front().original_key;
  EXPECT_FALSE(ask<atom::done>(registry, atom::fetched_v, report));
  report.job = jobs::JobId::generate(now());
  report.original.blob_key = jobs::original_key(report.job, "jpg");
  EXPECT_FALSE(ask<atom::done>(registry, atom::fetched_v, report));
  EXPECT_THAT(discarded, IsEmpty());
}

TEST_F(UnwantedBlobsTest, NothingElseCanBeRemovedSo) {
  const auto anna = join("anna");
  const auto job = create();
  const auto other = create();
  auto task = anna.tasks->front();
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, job.id));
  JobReport late{anna.id, task.job, task.token, JobOutcome::completed, {}, {}};
  late.results.emplace_back().blob_key = jobs::rendition_key(other.id, task.renditions[0], 1);
  late.results.emplace_back().blob_key = jobs::original_key(job.id, "jpg");
  late.results.emplace_back().blob_key = "";
  EXPECT_FALSE(ask<atom::done>(registry, atom::finish_v, late));
  EXPECT_THAT(discarded, IsEmpty());
}

TEST_F(UnwantedBlobsTest, AJobThatAnotherWorkerHasTakenOverKeepsItsFiles) {
  const auto anna = join("anna");
  create();
  const auto task = anna.tasks->front();
  const auto bert = join("bert");
  die(anna);
  ASSERT_EQ(bert.tasks->size(), 1U);
  ASSERT_TRUE(report(bert, bert.tasks->front(), 0));
  EXPECT_THAT(discarded, IsEmpty());
  // What the first one wrote is a file of its own, and of no use to anybody.
  EXPECT_EQ(report(anna, task, 0).error().code, ServiceErrorCode::stale_lease);
  EXPECT_THAT(discarded, ElementsAre(key(task, 0)));
}

TEST_F(UnwantedBlobsTest, AJobThatFailedKeepsWhatItShowsAndNothingMore) {
  const auto job = create();
  const auto anna = join("anna");
  const auto first = anna.tasks->front();
  ASSERT_TRUE(report(anna, first, 1));
  die(anna);
  const auto bert = join("bert");
  const auto second = bert.tasks->front();
  ASSERT_EQ(second.renditions.size(), 2U) << "what is there is not made again";
  die(bert);
  ASSERT_EQ(get(job.id).status, jobs::JobStatus::failed);
  auto middle = second;
  middle.renditions = first.renditions;
  EXPECT_THAT(discarded, UnorderedElementsAre(key(first, 0), key(first, 2), key(middle, 0),
                                              key(middle, 1), key(middle, 2)));
}

}  // namespace
}  // namespace darkroom::actors
