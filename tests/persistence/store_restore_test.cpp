#include "persistence/store_restore.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/backup_folder.hpp"
#include "persistence/data_folder.hpp"
#include "tests/files/content_of.hpp"
#include "tests/persistence/filled_store.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A backup of two finished jobs.
class StoreRestore : public testing::Test {
 protected:
  StoreRestore() {
    FilledStore store{folder_.path() / "data"};
    job_ = store.add_finished_job();
    (void)store.add_finished_job();
    EXPECT_TRUE(back_up_store(
        store.jobs(), {.root = store.root(), .target = source(), .options = {}, .version = "1.2.3"},
        {}));
  }

  [[nodiscard]] fs::path source() const { return folder_.path() / "backup"; }
  [[nodiscard]] fs::path root() const { return folder_.path() / "restored"; }

  /// Restores, which has to be refused.
  StoreError refusal() const {
    const auto back = restore_store(root(), source(), {}, {});
    EXPECT_FALSE(back) << "restored all the same";
    return back ? StoreError{} : back.error();
  }

  fs::path any_file(const fs::path& folder, const std::string& extension) const {
    for (const auto& entry : fs::recursive_directory_iterator{folder}) {
      if (entry.is_regular_file() && entry.path().extension() == extension) return entry.path();
    }
    ADD_FAILURE() << "no " << extension << " in " << folder;
    return {};
  }

  tests::TemporaryFolder folder_;
  jobs::Job job_;
};

TEST_F(StoreRestore, IntoAFolderWithSomethingIsRefused) {
  folder_.write("restored/notes.txt", "mine");
  const auto error = refusal();
  EXPECT_THAT(error.message,
              HasSubstr("is not empty: it has notes.txt; stop the service and move"));
  EXPECT_EQ(tests::content_of(root() / "notes.txt"), "mine");
  EXPECT_TRUE(check_restored(root())) << "and leaves no marker";
}

TEST_F(StoreRestore, IntoARunningStoreIsRefused) {
  FilledStore running{root()};
  const auto job = running.add_finished_job();
  EXPECT_THAT(refusal().message, HasSubstr("is not empty"));
  EXPECT_TRUE(running.jobs().get(job.id).value());
}

TEST_F(StoreRestore, IntoTheBackupItselfIsRefused) {
  for (const auto& inner : {source(), source() / "inner", folder_.path()}) {
    const auto back = restore_store(inner, source(), {}, {});
    ASSERT_FALSE(back) << inner;
    EXPECT_THAT(back.error().message, HasSubstr("lies in the other"));
  }
}

TEST_F(StoreRestore, BegunAgainRemovesNothingWhereSomethingElseIsThere) {
  ASSERT_TRUE(restore_store(root(), source(), {}, {}));
  std::ofstream{root() / data_folder::restoring};
  std::ofstream{root() / "notes.txt"};
  EXPECT_THAT(refusal().message, HasSubstr("notes.txt"));
  EXPECT_TRUE(fs::exists(root() / job_.original.blob_key));
}

TEST_F(StoreRestore, IntoANewFileSystemWorks) {
  fs::create_directories(root() / "lost+found");
  EXPECT_TRUE(restore_store(root(), source(), {}, {}));
}

TEST_F(StoreRestore, CutOffIsRefusedByAServiceAndStartsOver) {
  bool reached = false;
  const BackupWatch watch{.goes_on = [&] { return !reached; },
                          .report =
                              [&](const BackupProgress& now) {
                                reached = now.phase == BackupPhase::files && now.files > 0;
                              }};
  ASSERT_FALSE(restore_store(root(), source(), {}, watch));
  const auto checked = check_restored(root());
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message, HasSubstr("a restore into it was cut off"));
  const auto back = restore_store(root(), source(), {}, {});
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_TRUE(check_restored(root()));
  EXPECT_EQ(jobs_in(root()).size(), 2U);
}

TEST_F(StoreRestore, CutOffJustBeforeItsEndStartsOver) {
  ASSERT_TRUE(restore_store(root(), source(), {}, {}));
  std::ofstream{root() / data_folder::restoring};
  ASSERT_FALSE(check_restored(root()));
  const auto back = restore_store(root(), source(), {}, {});
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_TRUE(check_restored(root()));
}

TEST_F(StoreRestore, WaitsForNoBackupThatIsUnderWay) {
  const auto held = BackupFolder::open_for_reading(source());
  ASSERT_TRUE(held);
  EXPECT_TRUE(restore_store(root(), source(), {}, {})) << "some may read at once";
  FilledStore store{folder_.path() / "other"};
  const auto made = back_up_store(
      store.jobs(), {.root = store.root(), .target = source(), .options = {}, .version = "1"}, {});
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("is under way"));
}

TEST_F(StoreRestore, OfABackupWithAFlippedBitInTheJobStoreIsRefused) {
  flip_bit(any_file(source() / "jobs", ".log"));
  const auto error = refusal();
  EXPECT_EQ(error.code, StoreErrorCode::corrupt);
  EXPECT_THAT(error.message, HasSubstr("is not whole"));
  EXPECT_FALSE(fs::exists(root()));
}

TEST_F(StoreRestore, OfABackupThatLacksAFileIsRefused) {
  fs::remove(source() / job_.original.blob_key);
  const auto error = refusal();
  EXPECT_EQ(error.code, StoreErrorCode::corrupt);
  EXPECT_THAT(error.message, HasSubstr(job_.original.blob_key));
  EXPECT_FALSE(fs::exists(root()));
}

TEST_F(StoreRestore, OfABackupOfANewerVersionIsRefused) {
  auto manifest = tests::content_of(source() / "manifest.json");
  manifest.replace(manifest.find("\"format\":1"), 10, "\"format\":2");
  std::ofstream{source() / "manifest.json"} << manifest;
  const auto error = refusal();
  EXPECT_EQ(error.code, StoreErrorCode::newer);
  EXPECT_THAT(error.message, HasSubstr("made by Darkroom 1.2.3"));
}

TEST_F(StoreRestore, OfADamagedManifestIsRefused) {
  for (const char* content : {"", "{", "[]", "{}", R"({"format":1,"darkroom":"1"})"}) {
    std::ofstream{source() / "manifest.json"} << content;
    EXPECT_THAT(refusal().message, HasSubstr("is damaged")) << content;
  }
}

TEST_F(StoreRestore, OfAFolderThatIsNoBackupIsRefused) {
  const auto back = restore_store(root(), folder_.path() / "nothing", {}, {});
  ASSERT_FALSE(back);
  EXPECT_THAT(back.error().message, HasSubstr("holds no whole backup"));
}

}  // namespace
}  // namespace darkroom::persistence
