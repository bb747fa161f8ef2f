#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/job_store.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/persistence/sample_job.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

/// A store with a few hundred jobs, closed, whose records are in table files.
class RocksDamage : public testing::Test {
 protected:
  RocksDamage() {
    for (auto& change : changes_)
      change.after = full_job();
    // Small buffers make RocksDB move the records from its log to table files.
    const RocksOptions options{.write_buffer_bytes = std::size_t{128} << 10U};
    const auto store = open_rocks_job_store(directory(), options).value();
    for (std::size_t i = 0; i < changes_.size(); i += 100) {
      EXPECT_TRUE(store->commit(std::span{changes_}.subspan(i, 100)));
    }
  }

  const fs::path& directory() const { return folder_.path(); }

  std::vector<fs::path> files(std::string_view part_of_name) const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator{directory()}) {
      if (entry.path().filename().string().find(part_of_name) != std::string::npos) {
        found.push_back(entry.path());
      }
    }
    EXPECT_FALSE(found.empty()) << part_of_name;
    return found;
  }

  /// Opens and reads everything. The error, or nothing where every job came back.
  std::optional<StoreError> first_error() const {
    const auto store = open_rocks_job_store(directory(), {});
    if (!store) return store.error();
    std::size_t count = 0;
    const auto read = (*store)->for_each_unfinished([&](const jobs::Job&) { ++count; });
    if (!read) return read.error();
    EXPECT_TRUE(read->empty()) << read->front().message;
    EXPECT_EQ(count, changes_.size()) << "jobs are missing and nothing says so";
    return std::nullopt;
  }

  void expect_refused() const {
    const auto error = first_error();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, StoreErrorCode::corrupt) << error->message;
    EXPECT_THAT(error->message, testing::AllOf(testing::HasSubstr(directory().string()),
                                               testing::HasSubstr("restore the folder")));
  }

 private:
  tests::TemporaryFolder folder_;
  std::vector<JobChange> changes_{1000};
};

/// Turns over the bits of `count` bytes from `offset`.
void flip(const fs::path& path, std::uintmax_t offset, std::size_t count) {
  std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
  std::string bytes(count, '\0');
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(bytes.data(), static_cast<std::streamsize>(count));
  for (auto& byte : bytes)
    byte = static_cast<char>(~byte);
  file.seekp(static_cast<std::streamoff>(offset));
  file.write(bytes.data(), static_cast<std::streamsize>(count));
  ASSERT_TRUE(file.flush());
}

TEST_F(RocksDamage, AnUndamagedStoreIsRead) {
  EXPECT_FALSE(first_error());
}

TEST_F(RocksDamage, InCurrentIsRefused) {
  flip(directory() / "CURRENT", 0, fs::file_size(directory() / "CURRENT") - 1);
  expect_refused();
}

TEST_F(RocksDamage, OfAnEmptyCurrentIsRefused) {
  fs::resize_file(directory() / "CURRENT", 0);
  expect_refused();
}

TEST_F(RocksDamage, OfAMissingCurrentIsRefused) {
  fs::remove(directory() / "CURRENT");
  expect_refused();
  // Refusing must not begin a new store, which the next start would take for the old one.
  EXPECT_FALSE(fs::exists(directory() / "CURRENT"));
  expect_refused();
}

TEST_F(RocksDamage, OfAMissingManifestIsRefused) {
  for (const auto& file : files("MANIFEST"))
    fs::remove(file);
  expect_refused();
}

TEST_F(RocksDamage, InTheManifestIsRefused) {
  for (const auto& file : files("MANIFEST"))
    flip(file, fs::file_size(file) / 2, 4);
  expect_refused();
}

TEST_F(RocksDamage, InTablesIsRefused) {
  for (const auto& file : files(".sst"))
    flip(file, fs::file_size(file) / 2, 4);
  expect_refused();
}

TEST_F(RocksDamage, OfMissingTablesIsRefused) {
  for (const auto& file : files(".sst"))
    fs::remove(file);
  expect_refused();
}

TEST_F(RocksDamage, OfShortTablesIsRefused) {
  for (const auto& file : files(".sst"))
    fs::resize_file(file, fs::file_size(file) / 2);
  expect_refused();
}

/// A store whose jobs, each committed by itself, are all in its log still.
class RocksLogDamage : public testing::Test {
 protected:
  RocksLogDamage() {
    const auto store = open_rocks_job_store(folder_.path(), {}).value();
    for (int i = 0; i < 100; ++i) {
      jobs_.push_back(full_job());
      const JobChange creation{.before = std::nullopt, .after = jobs_.back()};
      EXPECT_TRUE(store->commit({&creation, 1}));
    }
  }

  tl::expected<std::unique_ptr<JobStore>, StoreError> open() const {
    return open_rocks_job_store(folder_.path(), {});
  }

  /// The longest log: RocksDB may leave empty ones.
  fs::path log() const {
    fs::path longest;
    for (const auto& entry : fs::directory_iterator{folder_.path()}) {
      if (entry.path().extension() != ".log") continue;
      if (longest.empty() || entry.file_size() > fs::file_size(longest)) longest = entry.path();
    }
    return longest;
  }

  const std::vector<jobs::Job>& jobs() const { return jobs_; }

 private:
  tests::TemporaryFolder folder_;
  std::vector<jobs::Job> jobs_;
};

TEST_F(RocksLogDamage, OfALastWriteThatIsCutOffCostsThatWriteOnly) {
  fs::resize_file(log(), fs::file_size(log()) - 100);
  const auto store = open();
  ASSERT_TRUE(store) << store.error().message;
  for (std::size_t i = 0; i + 1 < jobs().size(); ++i)
    EXPECT_EQ((*store)->get(jobs()[i].id).value(), jobs()[i]);
  EXPECT_EQ((*store)->get(jobs().back().id).value(), std::nullopt);
  EXPECT_TRUE((*store)->check_writable());
}

TEST_F(RocksLogDamage, InTheMiddleIsRefusedAndNotTakenForTheEnd) {
  flip(log(), fs::file_size(log()) / 2, 4);
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, StoreErrorCode::corrupt) << store.error().message;
  EXPECT_THAT(store.error().message, testing::HasSubstr("restore the folder"));
}

}  // namespace
}  // namespace darkroom::persistence
