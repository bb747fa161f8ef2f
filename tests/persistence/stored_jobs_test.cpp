#include "persistence/stored_jobs.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/held_store.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/persistence/sample_job.hpp"

namespace darkroom::persistence {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::size_t count_jobs(const StoredJobs& stored) {
  std::size_t count = 0;
  EXPECT_TRUE(stored.for_each([&](const StoredJob& record) {
    EXPECT_TRUE(record.job) << record.job.error();
    ++count;
    return true;
  }));
  return count;
}

std::vector<std::string> folders_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  return names;
}

TEST(StoredJobs, BesideAWriterHaveEveryCommitThatCameBefore) {
  const tests::TemporaryFolder folder;
  // Logs become tables, and tables one table, as often as can be.
  const RocksOptions options{.write_buffer_bytes = std::size_t{64} << 10U};
  const auto store = open_rocks_job_store(folder.path(), options).value();
  std::atomic<std::size_t> committed = 0;
  std::atomic<bool> stop = false;
  std::thread writer{[&] {
    while (!stop) {
      std::vector<JobChange> changes(10);
      for (auto& change : changes)
        change.after = full_job();
      EXPECT_TRUE(store->commit(changes));
      committed += changes.size();
    }
  }};
  for (int i = 0; i < 60; ++i) {
    const std::size_t before = committed;
    const auto stored = StoredJobs::open(folder.path(), options);
    EXPECT_TRUE(stored) << stored.error().message;
    if (!stored) break;
    EXPECT_GE(count_jobs(*stored), before) << "at opening " << i;
    if (committed > 4'000) break;
  }
  stop = true;
  writer.join();
  EXPECT_EQ(count_jobs(StoredJobs::open(folder.path(), options).value()), committed);
  EXPECT_THAT(folders_in(folder.path()), IsEmpty()) << "what held the tables";
}

// Files of more than a megabyte are removed in pieces, and pieces of these would be missing.
TEST(StoredJobs, StayWholeHoweverLongTheyAreRead) {
  const tests::TemporaryFolder folder;
  const RocksOptions options{.write_buffer_bytes = std::size_t{1} << 20U};
  const auto store = open_rocks_job_store(folder.path(), options).value();
  std::vector<JobChange> changes(500);
  const auto commit_often = [&](int times) {
    for (int i = 0; i < times; ++i)
      EXPECT_TRUE(store->commit(changes));
  };
  std::vector<jobs::Job> all;
  for (int round = 0; round < 10; ++round) {
    for (auto& change : changes)
      change.after = all.emplace_back(full_job());
    commit_often(1);
  }
  // Each of them again, so that tables are merged and none stays as it is.
  const auto rewrite_all = [&] {
    for (std::size_t first = 0; first < all.size(); first += changes.size()) {
      for (std::size_t i = 0; i < changes.size(); ++i)
        changes[i] = {.before = all[first + i], .after = all[first + i]};
      commit_often(1);
    }
  };
  rewrite_all();
  const auto stored = StoredJobs::open(folder.path(), options).value();
  for (int i = 0; i < 5; ++i)
    rewrite_all();
  EXPECT_EQ(count_jobs(stored), all.size());
}

TEST(StoredJobs, NameADamagedTableAsTheStoreDoes) {
  const tests::TemporaryFolder folder;
  {
    const auto store = open_rocks_job_store(folder.path(), {}).value();
    const std::vector changes{JobChange{.before = {}, .after = full_job()}};
    ASSERT_TRUE(store->commit(changes));
  }
  // Opening it again makes a table of the log.
  open_rocks_job_store(folder.path(), {}).value();
  for (const auto& entry : std::filesystem::directory_iterator{folder.path()}) {
    if (entry.path().extension() == ".sst") std::filesystem::resize_file(entry.path(), 10);
  }
  const auto stored = StoredJobs::open(folder.path(), {});
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, StoreErrorCode::corrupt);
  EXPECT_THAT(stored.error().message, HasSubstr((folder.path() / "0").string()));
  EXPECT_THAT(stored.error().message, Not(HasSubstr("reading-")));
}

TEST(HeldStore, KnowsTheNamesThatItGaveFromThoseOfAnOperator) {
  EXPECT_EQ(
      HeldStore::with_own_names("Corruption: bad block in /data/jobs/reading-a8Xp2c/000012.sst"),
      "Corruption: bad block in /data/jobs/000012.sst");
  const std::string photos = "IO error: /srv/reading-photos/jobs/000012.sst: denied";
  EXPECT_EQ(HeldStore::with_own_names(photos), photos);
  const std::string folder = "IO error: /srv/reading-photos";
  EXPECT_EQ(HeldStore::with_own_names(folder), folder);
}

TEST(HeldStore, HasNoPartOfAListOfTablesThatCannotBeCopied) {
  const tests::TemporaryFolder folder;
  open_rocks_job_store(folder.path(), {}).value();
  HeldStore held{folder.path()};
  ASSERT_EQ(held.take(), HeldStore::Taken::whole);
  const auto manifest = StoreFiles::list(folder.path()).manifest;
  // As on a full disk: where the copy goes nothing can be written.
  std::filesystem::remove(held.path() / manifest);
  std::filesystem::create_symlink("/dev/full", held.path() / manifest);
  EXPECT_EQ(held.take(), HeldStore::Taken::impossible);
}

TEST(HeldStore, IsNotWholeWithoutTheStoresList) {
  const tests::TemporaryFolder folder;
  open_rocks_job_store(folder.path(), {}).value();
  HeldStore held{folder.path()};
  std::filesystem::remove(folder.path() / StoreFiles::list(folder.path()).manifest);
  EXPECT_EQ(held.take(), HeldStore::Taken::changed);
}

TEST(StoredJobs, LeaveNothingBehindWhereTheirReaderWasKilled) {
  const tests::TemporaryFolder folder;
  open_rocks_job_store(folder.path(), {}).value();
  std::filesystem::create_directories(folder.path() / "reading-abcdef");
  std::ofstream{folder.path() / "reading-abcdef" / "000001.sst"} << "a table";
  EXPECT_TRUE(StoredJobs::open(folder.path(), {}));
  EXPECT_THAT(folders_in(folder.path()), IsEmpty());
}

}  // namespace
}  // namespace darkroom::persistence
