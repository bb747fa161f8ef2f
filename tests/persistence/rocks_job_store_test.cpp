#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include "persistence/index_keys.hpp"
#include "persistence/job_record.hpp"
#include "persistence/job_store.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/persistence/raw_store.hpp"
#include "tests/persistence/sample_job.hpp"

namespace darkroom::persistence {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::unique_ptr<JobStore> open(const std::filesystem::path& directory) {
  auto store = open_rocks_job_store(directory, {});
  EXPECT_TRUE(store) << store.error().message;
  return store ? std::move(*store) : nullptr;
}

std::string key_of(const jobs::JobId& id) {
  return {id.bytes().begin(), id.bytes().end()};
}

std::vector<JobChange> creations(std::size_t count, jobs::JobStatus status) {
  std::vector<JobChange> changes(count);
  for (auto& change : changes)
    change.after = with_status(pending_job(), status);
  return changes;
}

std::size_t count_unfinished(const JobStore& store) {
  std::size_t count = 0;
  const auto read = store.for_each_unfinished([&](const jobs::Job&) { ++count; });
  EXPECT_TRUE(read) << read.error().message;
  return count;
}

TEST(RocksJobStore, KeepsEverythingWhenReopened) {
  const tests::TemporaryFolder folder;
  auto job = full_job();
  const auto removed = pending_job();
  const auto done = with_status(pending_job(), jobs::JobStatus::completed);
  {
    const auto store = open(folder.path());
    const std::vector<JobChange> changes{{.before = std::nullopt, .after = job},
                                         {.before = std::nullopt, .after = removed},
                                         {.before = std::nullopt, .after = done}};
    ASSERT_TRUE(store->commit(changes));
    const JobChange removal{.before = removed, .after = std::nullopt};
    ASSERT_TRUE(store->commit({&removal, 1}));
  }
  const auto store = open(folder.path());
  EXPECT_EQ(store->get(job.id).value(), job);
  EXPECT_EQ(store->get(done.id).value(), done);
  EXPECT_EQ(store->get(removed.id).value(), std::nullopt);
  EXPECT_EQ(count_unfinished(*store), 1U);
  EXPECT_EQ(store->expired(jobs::Timestamp::max(), 10)->jobs.size(), 2U);
}

TEST(RocksJobStore, MakesMissingFolders) {
  const tests::TemporaryFolder folder;
  const auto store = open(folder.path() / "a" / "b" / "jobs");
  EXPECT_TRUE(store->check_writable());
}

TEST(RocksJobStore, RefusesAFileInPlaceOfItsFolder) {
  const tests::TemporaryFolder folder;
  std::ofstream{folder.path() / "jobs"} << "a file";
  for (const auto& directory : {folder.path() / "jobs", folder.path() / "jobs" / "below"}) {
    const auto store = open_rocks_job_store(directory, {});
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, StoreErrorCode::unwritable);
    EXPECT_THAT(store.error().message, HasSubstr((folder.path() / "jobs").string()));
  }
}

TEST(RocksJobStore, RefusesASecondOpeningInOneProcess) {
  const tests::TemporaryFolder folder;
  const auto store = open(folder.path());
  const auto second = open_rocks_job_store(folder.path(), {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, StoreErrorCode::locked);
}

TEST(RocksJobStore, RefusesAStoreOfANewerVersion) {
  const tests::TemporaryFolder folder;
  open(folder.path());
  RawStore{folder.path()}.put("default", "schema", "7");
  const auto store = open_rocks_job_store(folder.path(), {});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, StoreErrorCode::newer);
  EXPECT_THAT(store.error().message,
              AllOf(HasSubstr("version 7"), HasSubstr("up to 3"), HasSubstr("start the version")));
}

TEST(RocksJobStore, FillsTheIndexOfFailedJobsOfAnOlderVersion) {
  const tests::TemporaryFolder folder;
  open(folder.path());
  const auto job = with_status(pending_job(), jobs::JobStatus::failed);
  {
    RawStore raw{folder.path()};
    raw.put("default", "schema", "1");
    raw.put("jobs", key_of(job.id), encode_job(job));
  }
  EXPECT_THAT(open(folder.path())->failed(std::nullopt, 9)->jobs, ElementsAre(job));
}

TEST(RocksJobStore, OpensBesideColumnFamiliesThatItDoesNotKnow) {
  const tests::TemporaryFolder folder;
  open(folder.path());
  RawStore{folder.path()}.add_family("of_a_later_version");
  EXPECT_TRUE(open(folder.path())->check_writable());
}

TEST(RocksJobStore, RefusesADatabaseThatIsNotDarkrooms) {
  const tests::TemporaryFolder folder;
  {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, folder.path().string(), &db).ok());
    const std::unique_ptr<rocksdb::DB> owner{db};
    ASSERT_TRUE(db->Put({}, "their", "data").ok());
  }
  const auto store = open_rocks_job_store(folder.path(), {});
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, HasSubstr("not Darkroom's"));
}

// Finished records are turned to rubbish: whoever reads one of them must fail.
TEST(RocksJobStore, StartingUpReadsNoFinishedJob) {
  const tests::TemporaryFolder folder;
  const auto finished = creations(2000, jobs::JobStatus::completed);
  {
    const auto store = open(folder.path());
    ASSERT_TRUE(store->commit(finished));
    ASSERT_TRUE(store->commit(creations(5, jobs::JobStatus::retrying)));
  }
  {
    RawStore raw{folder.path()};
    for (const auto& change : finished)
      raw.put("jobs", key_of(change.after->id), "rubbish");
  }
  EXPECT_EQ(count_unfinished(*open(folder.path())), 5U);
}

TEST(RocksJobStore, SetsARecordAsideThatCannotBeReadAndNamesIt) {
  const tests::TemporaryFolder folder;
  const auto changes = creations(3, jobs::JobStatus::pending);
  const auto damaged = changes[1].after->id;
  ASSERT_TRUE(open(folder.path())->commit(changes));
  RawStore{folder.path()}.put("jobs", key_of(damaged), R"({"schema":1)");

  const auto store = open(folder.path());
  const auto read = store->get(damaged);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, StoreErrorCode::corrupt);
  EXPECT_THAT(read.error().message, HasSubstr(damaged.to_string()));
  EXPECT_EQ(store->get(changes[0].after->id).value(), changes[0].after);

  std::size_t visited = 0;
  const auto walked = store->for_each_unfinished([&](const jobs::Job&) { ++visited; });
  ASSERT_TRUE(walked) << walked.error().message;
  EXPECT_EQ(visited, 2U);
  ASSERT_EQ(walked->size(), 1U);
  EXPECT_EQ(walked->front().id, damaged);
  EXPECT_THAT(walked->front().message, HasSubstr(damaged.to_string()));

  const auto listed = store->list(std::nullopt, 9);
  ASSERT_TRUE(listed) << listed.error().message;
  EXPECT_EQ(listed->jobs.size(), 2U);
  ASSERT_EQ(listed->damaged.size(), 1U);
  EXPECT_EQ(listed->damaged.front().id, damaged);

  // It takes nobody's place: two are wanted, and two come.
  const auto due = store->expired(jobs::Timestamp::max(), 2);
  ASSERT_TRUE(due) << due.error().message;
  EXPECT_EQ(due->jobs.size(), 2U);
  ASSERT_LE(due->damaged.size(), 1U);
  EXPECT_EQ(store->expired(jobs::Timestamp::max(), 10)->damaged.size(), 1U);
}

TEST(RocksJobStore, NamesTheJobThatAnIndexHasAndTheStoreHasNot) {
  const tests::TemporaryFolder folder;
  const auto job = pending_job();
  open(folder.path());
  const auto queue_priority_and_time = "default" + std::string(1 + 1 + 8, '\0');
  RawStore{folder.path()}.put("ready", queue_priority_and_time + key_of(job.id), "");
  const auto read = open(folder.path())->for_each_unfinished([](const jobs::Job&) {});
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ(read->front().id, job.id);
}

}  // namespace
}  // namespace darkroom::persistence
