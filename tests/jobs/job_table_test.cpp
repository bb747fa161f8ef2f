#include "jobs/job_table.hpp"

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using std::chrono::milliseconds;

class JobTableTest : public testing::Test {
 protected:
  static Timestamp at(int ms) { return Timestamp{milliseconds{ms}}; }

  static Job waiting(int created, int run_at) {
    Job job;
    job.id = JobId::generate(at(created));
    job.run_at = at(run_at);
    return job;
  }

  /// Null where no job may run at that time.
  const Job* next_ready(Timestamp now) {
    table.advance(now);
    const auto id = table.order().next(*everything);
    return id ? table.find(*id) : nullptr;
  }

  const Job* next_alone(Timestamp now) {
    table.advance(now);
    const auto& heads = table.order().alone_heads();
    return heads.empty() ? nullptr : table.find(heads.begin()->id);
  }

  JobTable table;
  std::shared_ptr<Subscription> everything = table.order().subscribe({});
};

TEST_F(JobTableTest, TheJobThatWaitedLongestRunsFirst) {
  const auto late = waiting(1, 300);
  const auto early = waiting(2, 200);
  table.put(late);
  table.put(early);
  ASSERT_NE(next_ready(at(500)), nullptr);
  EXPECT_EQ(next_ready(at(500))->id, early.id);
}

TEST_F(JobTableTest, NoJobRunsBeforeItsTime) {
  table.put(waiting(1, 300));
  EXPECT_EQ(next_ready(at(299)), nullptr);
  EXPECT_NE(next_ready(at(300)), nullptr);
}

TEST_F(JobTableTest, APriorityGoesBeforeTimeButNotBeforeItsOwn) {
  const auto normal = waiting(1, 100);
  auto urgent = waiting(2, 200);
  urgent.priority = 0;
  table.put(normal);
  table.put(urgent);
  EXPECT_EQ(next_ready(at(150))->id, normal.id);
  EXPECT_EQ(next_ready(at(200))->id, urgent.id);
}

TEST_F(JobTableTest, AProcessingJobIsNotReady) {
  auto job = waiting(1, 0);
  table.put(job);
  job.status = JobStatus::processing;
  table.put(job);
  EXPECT_EQ(next_ready(at(1'000)), nullptr);
  EXPECT_EQ(table.processing(), 1U);
  EXPECT_EQ(table.waiting(), 0U);
}

TEST_F(JobTableTest, PuttingBackAnOlderCopyUndoesAChange) {
  const auto before = waiting(1, 100);
  auto after = before;
  after.status = JobStatus::retrying;
  after.run_at = at(900);
  table.put(before);
  table.put(after);
  EXPECT_EQ(next_ready(at(500)), nullptr);
  table.put(before);
  ASSERT_NE(next_ready(at(500)), nullptr);
  EXPECT_EQ(*next_ready(at(500)), before);
  EXPECT_EQ(table.waiting(), 1U);
}

TEST_F(JobTableTest, AFinishedJobIsNotKept) {
  auto job = waiting(1, 0);
  table.put(job);
  job.status = JobStatus::completed;
  table.put(job);
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.find(job.id), nullptr);
}

TEST_F(JobTableTest, ErasingWhatIsNotThereIsHarmless) {
  table.erase(JobId::generate(at(1)));
  EXPECT_EQ(table.size(), 0U);
}

TEST_F(JobTableTest, JobsThatMustRunAloneWaitInALineOfTheirOwn) {
  auto alone = waiting(1, 0);
  alone.alone = true;
  table.put(alone);
  const auto other = waiting(1, 5);
  table.put(other);
  EXPECT_EQ(*next_alone(at(9)), alone);
  EXPECT_EQ(*next_ready(at(9)), other);
  EXPECT_EQ(table.waiting(), 2U);
  // One that is made to run alone changes lines.
  auto changed = other;
  changed.alone = true;
  table.put(changed);
  EXPECT_EQ(next_ready(at(9)), nullptr);
  table.erase(alone.id);
  EXPECT_EQ(*next_alone(at(9)), changed);
}

TEST_F(JobTableTest, JobsWhosePicturesMustBeFetchedWaitInAnOrderOfTheirOwn) {
  const auto fetches = table.fetches().subscribe({});
  auto source = waiting(1, 100);
  source.source_url = "https://example.org/a.png";
  source.alone = true;
  table.put(source);
  table.put(waiting(2, 200));
  table.advance(at(150));
  EXPECT_EQ(next_ready(at(150)), nullptr);
  EXPECT_EQ(table.fetches().next(*fetches), source.id) << "alone is for work on pictures";
  EXPECT_EQ(table.oldest_ready(), at(100));
  table.advance(at(200));
  ASSERT_EQ(table.figures().size(), 1U);
  EXPECT_EQ(table.figures()[0].ready, 2U);
  EXPECT_EQ(table.figures()[0].to_fetch, 1U);
  EXPECT_EQ(table.figures()[0].oldest, at(100));
  table.set_paused("default", true);
  EXPECT_EQ(table.fetches().next(*fetches), std::nullopt);
  EXPECT_EQ(next_ready(at(200)), nullptr);
  EXPECT_TRUE(table.figures()[0].paused);
  table.set_paused("default", false);
  source.original.blob_key = "uploads/originals/a.png";
  table.put(source);
  EXPECT_EQ(table.fetches().next(*fetches), std::nullopt);
  EXPECT_EQ(next_alone(at(200))->id, source.id);
}

TEST_F(JobTableTest, KnowsWhereTheJobsOfAQueueStand) {
  auto media = waiting(1, 100);
  media.queue = "media";
  table.put(media);
  table.put(waiting(2, 900));
  auto running = waiting(3, 50);
  running.status = JobStatus::processing;
  table.put(running);
  table.advance(at(200));
  const auto figures = table.figures();
  ASSERT_EQ(figures.size(), 2U);
  EXPECT_EQ(figures[0].name, "default");
  EXPECT_EQ(figures[0].ready, 0U);
  EXPECT_EQ(figures[0].later, 1U);
  EXPECT_EQ(figures[0].processing, 1U);
  EXPECT_EQ(figures[0].oldest, std::nullopt);
  EXPECT_EQ(figures[1].name, "media");
  EXPECT_EQ(figures[1].ready, 1U);
  EXPECT_EQ(figures[1].oldest, at(100));
  EXPECT_EQ(table.oldest_ready(), at(100));
  EXPECT_EQ(table.waiting(), 2U);
}

TEST_F(JobTableTest, CountsThoseInProcessWhosePicturesAreBeingFetched) {
  auto source = waiting(1, 100);
  source.source_url = "https://example.org/a.png";
  source.status = JobStatus::processing;
  table.put(source);
  auto running = waiting(2, 100);
  running.status = JobStatus::processing;
  table.put(running);
  EXPECT_EQ(table.figures().at(0).processing, 2U);
  EXPECT_EQ(table.figures().at(0).fetching, 1U);
  EXPECT_EQ(table.figures().at(0).to_fetch, 0U);
  source.original.blob_key = "uploads/originals/a.png";
  table.put(source);
  EXPECT_EQ(table.figures().at(0).processing, 2U);
  EXPECT_EQ(table.figures().at(0).fetching, 0U);
}

TEST_F(JobTableTest, AJobThatMayRunDoesSoAlsoWhenTheClockIsSetBack) {
  const auto job = waiting(1, 300);
  table.put(job);
  EXPECT_NE(next_ready(at(300)), nullptr);
  EXPECT_NE(next_ready(at(10)), nullptr);
  table.erase(job.id);
  EXPECT_EQ(table.waiting(), 0U);
  EXPECT_EQ(next_ready(at(999)), nullptr);
}

}  // namespace
}  // namespace darkroom::jobs
