#include "persistence/store_backup.hpp"

#include <atomic>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "persistence/backup_task.hpp"
#include "persistence/store_restore.hpp"
#include "persistence/store_verify.hpp"
#include "tests/files/content_of.hpp"
#include "tests/persistence/filled_store.hpp"
#include "tests/persistence/sample_job.hpp"
#include "tests/persistence/small_file_system.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::UnorderedElementsAreArray;

class StoreBackup : public testing::Test {
 protected:
  [[nodiscard]] fs::path data() const { return folder_.path() / "data"; }
  [[nodiscard]] fs::path target() const { return folder_.path() / "backup"; }
  [[nodiscard]] fs::path restored() const { return folder_.path() / "restored"; }

  static tl::expected<BackupSummary, StoreError> back_up(FilledStore& store, const fs::path& to,
                                                         const BackupWatch& watch = {}) {
    return back_up_store(store.jobs(),
                         {.root = store.root(), .target = to, .options = {}, .version = "1.2.3"},
                         watch);
  }

  tl::expected<RestoreSummary, StoreError> restore() const {
    return restore_store(restored(), target(), {}, {});
  }

  /// How many faults `darkroom store verify` would find.
  static std::uint64_t faults_in(const fs::path& root) {
    const auto report = verify_store(root, {}, {});
    EXPECT_TRUE(report) << report.error().message;
    return report ? report->faults : 999;
  }

  tests::TemporaryFolder folder_;
};

TEST_F(StoreBackup, OfAStoreInUseIsRestoredWhole) {
  FilledStore store{data()};
  const std::vector<jobs::Job> jobs{store.add_finished_job(), store.add_finished_job(),
                                    store.add_pending_job()};
  const auto made = back_up(store, target());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->manifest.jobs, 3U);
  EXPECT_EQ(made->manifest.blobs, 9U);
  EXPECT_EQ(made->manifest.blob_bytes, 8'500U);
  EXPECT_EQ(made->manifest.missing_blobs, 0U);
  EXPECT_EQ(made->untidy, "");

  const auto back = restore();
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->manifest.version, "1.2.3");
  EXPECT_THAT(jobs_in(restored()), UnorderedElementsAreArray(jobs));
  EXPECT_EQ(faults_in(restored()), 0U);
  const auto& key = jobs.front().original.blob_key;
  EXPECT_EQ(tests::content_of(restored() / key), tests::content_of(data() / key));
  EXPECT_TRUE(check_restored(restored()));
  EXPECT_TRUE(open_rocks_job_store(restored() / "jobs", {}));
}

TEST_F(StoreBackup, OnTheSameFileSystemTakesNoRoomForFiles) {
  FilledStore store{data()};
  const auto job = store.add_finished_job();
  const auto made = back_up(store, target());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->files_linked, 4U);
  EXPECT_EQ(made->files_copied, 0U);
  EXPECT_TRUE(fs::equivalent(data() / job.original.blob_key, target() / job.original.blob_key));
}

TEST_F(StoreBackup, ToAnotherFileSystemCopiesFiles) {
  const fs::path other = "/dev/shm";
  struct stat here {};
  struct stat there {};
  if (stat(folder_.path().c_str(), &here) != 0 || stat(other.c_str(), &there) != 0 ||
      here.st_dev == there.st_dev) {
    GTEST_SKIP() << "there is no second file system";
  }
  const auto elsewhere = other / folder_.path().filename();
  FilledStore store{data()};
  const auto job = store.add_finished_job();
  const auto first = back_up(store, elsewhere);
  const auto second = back_up(store, elsewhere);
  const auto copy = tests::content_of(elsewhere / job.original.blob_key);
  const auto back = restore_store(restored(), elsewhere, {}, {});
  fs::remove_all(elsewhere);
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(first->files_copied, 4U);
  EXPECT_EQ(first->bytes_copied, 4'000U);
  EXPECT_EQ(second->files_copied, 0U) << "what is there is copied once";
  EXPECT_EQ(copy, tests::content_of(data() / job.original.blob_key));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(faults_in(restored()), 0U);
}

TEST_F(StoreBackup, MadeAgainHasTheJobsOfNow) {
  FilledStore store{data()};
  const auto gone = store.add_finished_job();
  const auto stays = store.add_finished_job();
  ASSERT_TRUE(back_up(store, target()));
  store.remove_job(gone);
  const auto added = store.add_finished_job();
  const auto again = back_up(store, target());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->files_linked, 4U) << "only those of the new job";
  EXPECT_EQ(again->files_removed, 4U);
  EXPECT_EQ(again->manifest.backup_id, 2U);
  EXPECT_FALSE(fs::exists(target() / gone.original.blob_key));
  EXPECT_FALSE(fs::exists(target() / "jobs/meta/1")) << "the older one is purged";
  ASSERT_TRUE(restore());
  EXPECT_THAT(jobs_in(restored()), UnorderedElementsAreArray({stays, added}));
  EXPECT_EQ(faults_in(restored()), 0U);
}

TEST_F(StoreBackup, CutOffIsNone) {
  FilledStore store{data()};
  (void)store.add_finished_job();
  for (const auto phase : {BackupPhase::files, BackupPhase::jobs, BackupPhase::checking}) {
    bool reached = false;
    const BackupWatch watch{
        .goes_on = [&] { return !reached; },
        .report = [&](const BackupProgress& now) { reached = reached || now.phase == phase; }};
    const auto made = back_up(store, target(), watch);
    ASSERT_FALSE(made) << to_string(phase);
    EXPECT_THAT(made.error().message, HasSubstr("stopped before it was whole"));
    const auto back = restore();
    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().code, StoreErrorCode::not_found);
    EXPECT_THAT(back.error().message, HasSubstr("holds no whole backup"));
    EXPECT_FALSE(fs::exists(restored()));
  }
  ASSERT_TRUE(back_up(store, target())) << "what was cut off is no hindrance";
  EXPECT_TRUE(restore());
}

TEST_F(StoreBackup, CutOffLeavesTheOneBefore) {
  FilledStore store{data()};
  const auto first = store.add_finished_job();
  ASSERT_TRUE(back_up(store, target()));
  store.remove_job(first);
  (void)store.add_finished_job();
  bool reached = false;
  const BackupWatch watch{.goes_on = [&] { return !reached; },
                          .report =
                              [&](const BackupProgress& now) {
                                reached = now.phase == BackupPhase::checking && now.files > 0;
                              }};
  ASSERT_FALSE(back_up(store, target(), watch));
  ASSERT_TRUE(restore());
  EXPECT_THAT(jobs_in(restored()), testing::ElementsAre(first));
  EXPECT_EQ(faults_in(restored()), 0U);
}

TEST_F(StoreBackup, CountsFilesOfJobsThatWereDeletedMeanwhile) {
  FilledStore store{data()};
  const auto job = store.add_finished_job();
  std::optional<jobs::Job> late;
  bool deleted = false;
  const BackupWatch watch{.goes_on = [] { return true; },
                          .report =
                              [&](const BackupProgress& now) {
                                // It comes after the first look at the files and goes before the
                                // second.
                                if (now.phase == BackupPhase::jobs && !late) {
                                  late = store.add_finished_job();
                                }
                                if (now.phase == BackupPhase::checking && !deleted) {
                                  store.remove_job(*late);
                                  deleted = true;
                                }
                              }};
  const auto made = back_up(store, target(), watch);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->manifest.jobs, 2U);
  EXPECT_EQ(made->manifest.missing_blobs, 4U);
  EXPECT_EQ(made->deleted_meanwhile, 4U);
  EXPECT_TRUE(restore()) << "the manifest says that they are missing";
}

TEST_F(StoreBackup, HasTheFilesOfJobsThatCameMeanwhile) {
  FilledStore store{data()};
  std::atomic<bool> stop = false;
  std::atomic<int> made_jobs = 0;
  std::thread uploads{[&] {
    while (!stop) {
      (void)store.add_finished_job(10'000);
      ++made_jobs;
    }
  }};
  while (made_jobs < 20)
    std::this_thread::yield();
  for (int i = 0; i < 5; ++i) {
    const auto made = back_up(store, target());
    EXPECT_TRUE(made) << made.error().message;
    if (made) {
      EXPECT_EQ(made->manifest.missing_blobs, 0U);
    }
  }
  stop = true;
  uploads.join();
  const auto back = restore();
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(jobs_in(restored()).size(), back->manifest.jobs);
  EXPECT_GE(back->manifest.jobs, 20U);
  EXPECT_EQ(faults_in(restored()), 0U);
}

TEST_F(StoreBackup, CountsAFileOfAnotherSizeAsMissingAndCanBeRestored) {
  FilledStore store{data()};
  const auto job = store.add_finished_job();
  fs::resize_file(data() / job.original.blob_key, 10);
  const auto made = back_up(store, target());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->manifest.missing_blobs, 1U);
  EXPECT_EQ(made->manifest.blobs, 3U);
  EXPECT_EQ(made->deleted_meanwhile, 0U);
  const auto back = restore();
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(faults_in(restored()), 1U);
}

TEST_F(StoreBackup, KeepsItsOwnGoodFileWhenTheOneInTheDataFolderIsReplaced) {
  FilledStore store{data()};
  const auto job = store.add_finished_job();
  ASSERT_TRUE(back_up(store, target()));
  const auto good = tests::content_of(target() / job.original.blob_key);
  for (const auto* damage : {"", "another"}) {
    fs::remove(data() / job.original.blob_key);
    std::ofstream{data() / job.original.blob_key} << damage;
    const auto again = back_up(store, target());
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->manifest.missing_blobs, 0U);
    EXPECT_EQ(tests::content_of(target() / job.original.blob_key), good);
  }
}

TEST_F(StoreBackup, ReplacesItsOwnFileOfTheWrongSize) {
  FilledStore store{data()};
  const auto job = store.add_finished_job();
  ASSERT_TRUE(back_up(store, target()));
  fs::remove(target() / job.original.blob_key);
  std::ofstream{target() / job.original.blob_key} << "cut off";
  const auto again = back_up(store, target());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->manifest.missing_blobs, 0U);
  EXPECT_EQ(tests::content_of(target() / job.original.blob_key),
            tests::content_of(data() / job.original.blob_key));
}

TEST_F(StoreBackup, LeavesFilesAloneThatAreNobodys) {
  FilledStore store{data()};
  store.add_finished_job();
  ASSERT_TRUE(back_up(store, target()));
  std::ofstream{target() / "uploads/originals/readme.txt"} << "of an operator";
  ASSERT_TRUE(back_up(store, target()));
  EXPECT_TRUE(fs::exists(target() / "uploads/originals/readme.txt"));
}

TEST_F(StoreBackup, RefusesAFolderWithOtherThings) {
  FilledStore store{data()};
  folder_.write("backup/holiday.txt", "sun");
  const auto made = back_up(store, target());
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("is not empty and holds no backup"));
  EXPECT_TRUE(fs::exists(target() / "holiday.txt"));
}

TEST_F(StoreBackup, RefusesAFolderInTheDataFolderAndTheOtherWayRound) {
  FilledStore store{data()};
  for (const auto& folder : {data() / "backup", data(), folder_.path(), data() / "../data/x"}) {
    const auto made = back_up(store, folder);
    ASSERT_FALSE(made) << folder;
    EXPECT_THAT(made.error().message, HasSubstr("lies in the other"));
  }
}

TEST_F(StoreBackup, RefusesTheBackupOfAnotherStore) {
  FilledStore store{data()};
  ASSERT_TRUE(back_up(store, target()));
  FilledStore other{folder_.path() / "other"};
  const auto made = back_up(other, target());
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("backup of another store"));
}

TEST_F(StoreBackup, ToAFullDiskFailsAndTheStoreGoesOn) {
  const auto disk = SmallFileSystem::mount(std::size_t{1} << 20U);
  if (!disk) GTEST_SKIP() << "file systems cannot be mounted here";
  FilledStore store{data()};
  for (int i = 0; i < 10; ++i)
    (void)store.add_finished_job(100'000);
  const auto made = back_up(store, disk->path() / "backup");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, StoreErrorCode::no_space) << made.error().message;
  (void)store.add_finished_job();
  EXPECT_TRUE(back_up(store, target()));
}

TEST_F(StoreBackup, TaskRunsOneAtATime) {
  FilledStore store{data()};
  for (int i = 0; i < 50; ++i)
    (void)store.add_finished_job();
  BackupTask task{store.shared_jobs(), data(), {}, "1.2.3"};
  EXPECT_EQ(task.state().number, 0U);
  ASSERT_TRUE(task.start(target()));
  const bool second = task.start(target());
  EXPECT_TRUE(!second || task.state().number == 2U);
  while (task.state().running)
    std::this_thread::yield();
  const auto state = task.state();
  ASSERT_TRUE(state.result) << state.result.error().message;
  EXPECT_EQ(state.result->manifest.jobs, 50U);
  EXPECT_TRUE(task.start(target()));
}

}  // namespace
}  // namespace darkroom::persistence
