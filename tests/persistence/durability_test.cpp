#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/blob_store.hpp"
#include "persistence/job_store.hpp"
#include "persistence/packed_batch.hpp"
#include "persistence/packed_delivery.hpp"
#include "persistence/stored_jobs.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/persistence/blob_bytes.hpp"
#include "tests/persistence/disk_calls.hpp"
#include "tests/persistence/sample_job.hpp"

// What is acknowledged has been synced, in the right order. A killed process cannot show that,
// since the kernel keeps what it wrote; so the calls themselves are looked at, and made to fail.

namespace darkroom::persistence {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view key = "uploads/originals/a.jpg";

class Durability : public testing::Test {
 protected:
  Durability() { disk_calls::reset(); }
  ~Durability() override { disk_calls::reset(); }

  const std::filesystem::path& root() const { return folder_.path(); }

  /// The place of the first such call among those recorded, or their number.
  std::size_t place_of(std::string_view name, std::string_view part_of_path) const {
    const auto calls = disk_calls::recorded(root());
    const auto found = std::ranges::find_if(calls, [&](const disk_calls::Call& call) {
      return call.name == name && call.path.string().find(part_of_path) != std::string::npos;
    });
    return static_cast<std::size_t>(found - calls.begin());
  }
  bool was_called(std::string_view name, std::string_view part_of_path) const {
    return place_of(name, part_of_path) < disk_calls::recorded(root()).size();
  }

  std::unique_ptr<JobStore> open_jobs() const {
    return open_rocks_job_store(root() / "jobs", {}).value();
  }
  std::unique_ptr<BlobStore> open_blobs() const { return open_file_blob_store(root()).value(); }

 private:
  tests::TemporaryFolder folder_;
};

JobChange creation() {
  return {.before = std::nullopt, .after = full_job()};
}

/// Tries until the store takes the change, which it must within seconds.
bool commits_within_seconds(JobStore& store, const JobChange& change) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!store.commit({&change, 1})) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return true;
}

TEST_F(Durability, ACommitSyncsTheLogBeforeItReturns) {
  const auto store = open_jobs();
  for (int i = 0; i < 3; ++i) {
    disk_calls::reset();
    const auto change = creation();
    ASSERT_TRUE(store->commit({&change, 1}));
    EXPECT_TRUE(was_called("fdatasync", ".log") || was_called("fsync", ".log"));
  }
}

// A log that is synced and whose name is not would be gone after a power cut.
TEST_F(Durability, TheFolderOfANewLogIsSyncedByTheFirstCommit) {
  for (int opening = 0; opening < 2; ++opening) {
    disk_calls::reset();
    const auto store = open_jobs();
    const auto change = creation();
    ASSERT_TRUE(store->commit({&change, 1}));
    const auto calls = disk_calls::recorded(root());
    EXPECT_TRUE(std::ranges::any_of(calls,
                                    [&](const disk_calls::Call& call) {
                                      return call.name == "fsync" && call.path == root() / "jobs";
                                    }))
        << "at opening " << opening;
  }
}

TEST_F(Durability, ABlobIsSyncedThenNamedThenItsNameIsSynced) {
  const auto store = open_blobs();
  disk_calls::reset();
  ASSERT_TRUE(put(*store, key, noise(1'000)));
  const auto file = place_of("fsync", "temporary/");
  const auto name = place_of("rename", key);
  const auto folder = place_of("fsync", "uploads/originals");
  ASSERT_LT(folder, disk_calls::recorded(root()).size());
  EXPECT_LT(file, name);
  EXPECT_LT(name, folder);
}

TEST_F(Durability, ABlobThatCannotBeSyncedIsNotCommitted) {
  const auto store = open_blobs();
  disk_calls::fail("fsync", "temporary/", EIO);
  EXPECT_FALSE(put(*store, key, noise(1'000)));
  EXPECT_FALSE(was_called("rename", key));
  EXPECT_FALSE(store->open(key));
}

TEST_F(Durability, ABlobWhoseNameCannotBeSyncedIsNotCommitted) {
  const auto store = open_blobs();
  disk_calls::fail("fsync", "uploads/originals", EIO);
  EXPECT_FALSE(put(*store, key, noise(1'000)));
}

// Whoever made the folders may have died before syncing what holds them.
TEST_F(Durability, FoldersThatAreThereAreSyncedAtEachOpening) {
  const auto data = root() / "data";
  for (int round = 0; round < 2; ++round) {
    disk_calls::reset();
    const auto blobs = open_file_blob_store(data).value();
    const auto jobs = open_rocks_job_store(data / "jobs", {}).value();
    const auto calls = disk_calls::recorded(root());
    for (const auto& holder : {root(), data, data / "uploads"}) {
      EXPECT_TRUE(std::ranges::any_of(calls,
                                      [&](const disk_calls::Call& call) {
                                        return call.name == "fsync" && call.path == holder;
                                      }))
          << holder << " at opening " << round;
    }
  }
}

/// A log that cannot be written or synced for a while: nothing is acknowledged, what was refused is
/// not there later, and the store works again without a restart.
class DurabilityOfARefusal : public Durability {
 protected:
  void refuse_and_recover(std::string_view call, int error_number, StoreErrorCode expected) {
    auto store = open_jobs();
    const auto kept = creation();
    ASSERT_TRUE(store->commit({&kept, 1}));
    const auto changed = JobChange{.before = kept.after,
                                   .after = with_status(*kept.after, jobs::JobStatus::completed)};
    const std::vector<JobChange> refused{creation(), changed};
    disk_calls::fail(call, ".log", error_number);
    const auto error = store->commit(refused);
    ASSERT_FALSE(error);
    EXPECT_EQ(error.error().code, expected) << error.error().message;
    EXPECT_FALSE(store->commit(refused));
    EXPECT_FALSE(store->check_writable());
    EXPECT_EQ(store->get(kept.after->id).value(), kept.after) << "reading goes on";

    disk_calls::reset();
    const auto later = creation();
    ASSERT_TRUE(commits_within_seconds(*store, later));
    for (int opening = 0; opening < 2; ++opening) {
      EXPECT_EQ(store->get(kept.after->id).value(), kept.after);
      EXPECT_EQ(store->get(later.after->id).value(), later.after);
      EXPECT_EQ(store->get(refused[0].after->id).value(), std::nullopt);
      std::size_t unfinished = 0;
      const auto walked = store->for_each_unfinished([&](const jobs::Job&) { ++unfinished; });
      ASSERT_TRUE(walked);
      EXPECT_TRUE(walked->empty()) << walked->front().message;
      EXPECT_EQ(unfinished, 2U);
      store.reset();
      store = open_jobs();
    }
  }
};

TEST_F(DurabilityOfARefusal, ForWantOfSpace) {
  refuse_and_recover("write", ENOSPC, StoreErrorCode::no_space);
}

TEST_F(DurabilityOfARefusal, ForASpentQuota) {
  refuse_and_recover("write", EDQUOT, StoreErrorCode::no_space);
}

TEST_F(DurabilityOfARefusal, ForABrokenDisk) {
  refuse_and_recover("write", EIO, StoreErrorCode::unwritable);
}

TEST_F(DurabilityOfARefusal, OfTheLogsSyncAfterItsWrite) {
  refuse_and_recover("fdatasync", EIO, StoreErrorCode::unwritable);
}

// Sync fails, and the record is in the log: opened again, the database has what was refused.
TEST_F(DurabilityOfARefusal, LeavesAnIdempotencyKeyWhereItWas) {
  const auto store = open_jobs();
  auto older = full_job();
  older.idempotency = jobs::Idempotency{.key = "key-1", .fingerprint = "print"};
  auto newer = full_job();
  newer.idempotency = older.idempotency;
  const JobChange kept{.before = std::nullopt, .after = older};
  ASSERT_TRUE(store->commit({&kept, 1}));
  const std::vector<JobChange> refused{{.before = older, .after = std::nullopt},
                                       {.before = std::nullopt, .after = newer}};
  disk_calls::fail("fdatasync", ".log", EIO);
  ASSERT_FALSE(store->commit(refused));
  disk_calls::reset();
  ASSERT_TRUE(commits_within_seconds(*store, creation()));
  EXPECT_EQ(store->with_idempotency_key(older.tenant, "key-1").value(), older);
  EXPECT_EQ(store->get(newer.id).value(), std::nullopt);
}

TEST_F(DurabilityOfARefusal, LeavesRecordsAndIndexesAsTheyWere) {
  const jobs::Batch kept{.id = jobs::JobId::generate(at(0)), .expires_at = at(100), .total = 1};
  auto changed = kept;
  changed.expires_at = at(200);
  const jobs::Delivery lost{
      .id = jobs::JobId::generate(at(0)), .subject = kept.id, .due_at = at(1)};
  const auto job = with_status(pending_job(), jobs::JobStatus::completed);
  const auto failed = with_status(job, jobs::JobStatus::failed);
  {
    const auto store = open_jobs();
    ASSERT_TRUE(store->commit(
        WriteSet{.jobs = {{.before = std::nullopt, .after = job}},
                 .records = {{.kind = Record::batch, .id = kept.id, .after = pack_batch(kept)}}}));
    ASSERT_TRUE(store->put_text("keys", "before"));
    disk_calls::fail("fdatasync", ".log", EIO);
    ASSERT_FALSE(store->commit(WriteSet{
        .jobs = {{.before = job, .after = failed}},
        .records = {{.kind = Record::batch,
                     .id = kept.id,
                     .before = pack_batch(kept),
                     .after = pack_batch(changed)},
                    {.kind = Record::delivery, .id = lost.id, .after = pack_delivery(lost)}}}));
    disk_calls::reset();
    ASSERT_TRUE(commits_within_seconds(*store, {.before = std::nullopt, .after = pending_job()}));
    EXPECT_EQ(store->batch(kept.id).value(), kept);
    EXPECT_EQ(store->delivery(lost.id).value(), std::nullopt);
    EXPECT_THAT(store->due_deliveries(at(1), std::nullopt, 9)->deliveries, IsEmpty());
    EXPECT_EQ(store->expired_records(Record::batch, at(100), 9)->size(), 1U);
    EXPECT_THAT(store->find({.status = jobs::JobStatus::failed}, std::nullopt, 9)->jobs, IsEmpty());
    disk_calls::fail("fdatasync", ".log", EIO);
    ASSERT_FALSE(store->put_text("keys", "after"));
    disk_calls::reset();
    ASSERT_TRUE(commits_within_seconds(*store, {.before = std::nullopt, .after = pending_job()}));
    EXPECT_EQ(store->text("keys").value(), "before");
  }
  const auto stored = StoredJobs::open(root() / "jobs", {}).value();
  EXPECT_TRUE(stored.for_each_index_fault([](const IndexFault& fault) {
    ADD_FAILURE() << fault.message;
    return true;
  }));
}

TEST_F(DurabilityOfARefusal, IsNeverReadWhileTheStoreOpensAgain) {
  const auto store = open_jobs();
  const auto refused = creation();
  disk_calls::fail("fdatasync", ".log", EIO);
  ASSERT_FALSE(store->commit({&refused, 1}));
  std::atomic<bool> seen = false;
  std::atomic<std::uint64_t> reads = 0;
  const std::jthread reader{[&](const std::stop_token& stop) {
    for (; !stop.stop_requested(); ++reads) {
      const auto job = store->get(refused.after->id);
      if (job && *job) seen = true;
    }
  }};
  disk_calls::reset();
  EXPECT_TRUE(commits_within_seconds(*store, creation()));
  EXPECT_FALSE(seen);
  EXPECT_GT(reads, 0U);
}

}  // namespace
}  // namespace darkroom::persistence
