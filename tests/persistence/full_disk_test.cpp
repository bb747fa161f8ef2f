#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/blob_store.hpp"
#include "persistence/job_store.hpp"
#include "tests/persistence/blob_bytes.hpp"
#include "tests/persistence/sample_job.hpp"
#include "tests/persistence/small_file_system.hpp"

namespace darkroom::persistence {
namespace {

using testing::HasSubstr;

/// Opening a store again takes room for its write buffer, so that has to go with the disk's size.
constexpr RocksOptions small_store{.write_buffer_bytes = std::size_t{4} << 20U};

class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (!disk_) GTEST_SKIP() << "cannot mount a small tmpfs to fill; run this test as root";
  }

  const SmallFileSystem& disk() const { return *disk_; }

 private:
  std::unique_ptr<SmallFileSystem> disk_ = SmallFileSystem::mount(std::size_t{24} << 20U);
};

TEST_F(FullDisk, BlobsAreRefusedAndLeaveNothingUntilSpaceReturns) {
  const auto store = open_file_blob_store(disk().path()).value();
  constexpr std::string_view key = "uploads/originals/a.jpg";
  const auto bytes = noise(3'000'000);
  disk().fill();

  const auto refused = put(*store, key, bytes);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, StoreErrorCode::no_space);
  EXPECT_THAT(refused.error().message, HasSubstr("free some space"));
  EXPECT_TRUE(std::filesystem::is_empty(disk().path() / "temporary"));

  disk().give_back();
  EXPECT_TRUE(put(*store, key, bytes));
  EXPECT_EQ(read_all(*store, key), bytes);
}

TEST_F(FullDisk, TheStoreSaysThatItCannotBeWritten) {
  const auto store = open_file_blob_store(disk().path()).value();
  EXPECT_TRUE(store->check_writable());
  disk().fill();
  const auto full = store->check_writable();
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, StoreErrorCode::no_space);
  EXPECT_TRUE(std::filesystem::is_empty(disk().path() / "temporary"));
  disk().give_back();
  EXPECT_TRUE(store->check_writable());
}

TEST_F(FullDisk, BlobsLeaveTheReserveToTheJobStore) {
  constexpr std::size_t reserve = std::size_t{8} << 20U;
  const auto blobs = open_file_blob_store(disk().path(), reserve).value();
  const auto refused = put(*blobs, "uploads/originals/a.jpg", noise(23'000'000));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, StoreErrorCode::no_space);
  EXPECT_TRUE(std::filesystem::is_empty(disk().path() / "temporary"));

  // While it is written, and before.
  const auto half = blobs->create().value();
  ASSERT_TRUE(half->write(noise(15'000'000)));
  EXPECT_FALSE(half->write(noise(3'000'000)));
  const auto next = blobs->create();
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, StoreErrorCode::no_space);
  EXPECT_THAT(next.error().message, HasSubstr("storage.reserve"));

  const auto jobs = open_rocks_job_store(disk().path() / "jobs", small_store).value();
  EXPECT_TRUE(jobs->check_writable());
  EXPECT_TRUE(open_file_blob_store(disk().path(), reserve)) << "a service still starts";
}

TEST_F(FullDisk, AFailedWriteIsNeverCommitted) {
  const auto store = open_file_blob_store(disk().path()).value();
  const auto writer = store->create().value();
  disk().fill();
  EXPECT_FALSE(writer->write(noise(1'000'000)));
  disk().give_back();
  EXPECT_FALSE(writer->write(noise(1)));
  EXPECT_FALSE(writer->finish());
  EXPECT_FALSE(writer->commit("uploads/originals/a.jpg"));
}

/// Creates jobs until one is refused; the ones that were acknowledged.
std::vector<jobs::Job> commit_until_refused(JobStore& store, StoreError& refusal) {
  std::vector<jobs::Job> acknowledged;
  while (acknowledged.size() < 50'000) {
    const JobChange creation{.before = std::nullopt, .after = full_job()};
    const auto committed = store.commit({&creation, 1});
    if (!committed) {
      refusal = committed.error();
      break;
    }
    acknowledged.push_back(*creation.after);
  }
  return acknowledged;
}

void expect_all(const JobStore& store, const std::vector<jobs::Job>& jobs) {
  for (const auto& job : jobs) {
    const auto read = store.get(job.id);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(*read, job);
  }
}

/// Creates a job, again and again while the store has not noticed the space yet.
std::optional<jobs::Job> commit_once_space_is_seen(JobStore& store) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  const JobChange creation{.before = std::nullopt, .after = full_job()};
  while (std::chrono::steady_clock::now() < deadline) {
    if (store.commit({&creation, 1})) return *creation.after;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return std::nullopt;
}

TEST_F(FullDisk, JobsAreRefusedUntilSpaceReturnsAndNoneIsLost) {
  const auto directory = disk().path() / "jobs";
  auto store = open_rocks_job_store(directory, small_store).value();
  std::vector<jobs::Job> acknowledged;
  for (int round = 0; round < 2; ++round) {
    disk().fill();
    StoreError refusal;
    const auto more = commit_until_refused(*store, refusal);
    acknowledged.insert(acknowledged.end(), more.begin(), more.end());
    EXPECT_EQ(refusal.code, StoreErrorCode::no_space) << refusal.message;
    EXPECT_THAT(refusal.message, HasSubstr("free some space"));
    const auto writable = store->check_writable();
    ASSERT_FALSE(writable);
    EXPECT_EQ(writable.error().code, StoreErrorCode::no_space) << writable.error().message;
    expect_all(*store, acknowledged);

    disk().give_back();
    const auto created = commit_once_space_is_seen(*store);
    ASSERT_TRUE(created);
    acknowledged.push_back(*created);
    EXPECT_TRUE(store->check_writable());
    expect_all(*store, acknowledged);
  }

  store.reset();
  store = open_rocks_job_store(directory, small_store).value();
  expect_all(*store, acknowledged);
}

// RocksDB by itself never comes back from this: with nothing in memory to move to a table, its own
// recovery goes on with the log whose write failed (facebook/rocksdb issues 11643 and 12998).
TEST_F(FullDisk, JobsAreTakenAgainWhereTheFirstWriteWasRefused) {
  // The second time it has nothing to write at its start, and so no room set aside in its log.
  open_rocks_job_store(disk().path() / "jobs", small_store).value();
  const auto store = open_rocks_job_store(disk().path() / "jobs", small_store).value();
  disk().fill();
  StoreError refusal;
  EXPECT_TRUE(commit_until_refused(*store, refusal).empty());
  EXPECT_EQ(refusal.code, StoreErrorCode::no_space) << refusal.message;
  disk().give_back();
  const auto created = commit_once_space_is_seen(*store);
  ASSERT_TRUE(created) << store->check_writable().error().message;
  expect_all(*store, {*created});
}

TEST_F(FullDisk, AStoreClosedWhileTheDiskIsFullKeepsWhatItAcknowledged) {
  const auto directory = disk().path() / "jobs";
  auto store = open_rocks_job_store(directory, small_store).value();
  disk().fill();
  StoreError refusal;
  const auto acknowledged = commit_until_refused(*store, refusal);
  EXPECT_FALSE(acknowledged.empty());
  store.reset();

  // It may also open, where a few bytes suffice.
  if (const auto refused = open_rocks_job_store(directory, small_store); !refused) {
    EXPECT_EQ(refused.error().code, StoreErrorCode::no_space) << refused.error().message;
    EXPECT_THAT(refused.error().message, HasSubstr("free some space"));
  }

  disk().give_back();
  const auto reopened = open_rocks_job_store(directory, small_store);
  ASSERT_TRUE(reopened) << reopened.error().message;
  expect_all(**reopened, acknowledged);
}

}  // namespace
}  // namespace darkroom::persistence
