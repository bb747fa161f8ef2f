#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/blob_store.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/persistence/blob_bytes.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr std::string_view key = "uploads/originals/a.jpg";

class FileBlobStore : public testing::Test {
 protected:
  FileBlobStore() : store_(open_file_blob_store(folder_.path()).value()) {}

  BlobStore& store() { return *store_; }
  fs::path root() const { return folder_.path(); }

  std::map<std::string, std::uint64_t> listing() {
    std::map<std::string, std::uint64_t> sizes;
    const auto walk = store_->walk().value();
    while (const auto entry = walk->next().value())
      sizes.emplace(entry->key, entry->bytes);
    return sizes;
  }

 private:
  tests::TemporaryFolder folder_;
  std::unique_ptr<BlobStore> store_;
};

TEST_F(FileBlobStore, HasItsFoldersFromTheStart) {
  for (const auto* name : {"originals", "resized", "compressed", "thumbnails"}) {
    EXPECT_TRUE(fs::is_directory(root() / "uploads" / name));
  }
  EXPECT_TRUE(fs::is_empty(root() / "temporary"));
}

TEST_F(FileBlobStore, KeepsBlobsWhenReopened) {
  ASSERT_TRUE(put(store(), key, bytes_of("abc")));
  const auto again = open_file_blob_store(root());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(read_all(**again, key).size(), 3U);
}

TEST_F(FileBlobStore, SaysThatABlobIsNotThere) {
  const auto reader = store().open(key);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, StoreErrorCode::not_found);
}

TEST_F(FileBlobStore, RefusesBadKeysEverywhere) {
  constexpr std::string_view bad = "uploads/../temporary";
  EXPECT_EQ(store().open(bad).error().code, StoreErrorCode::bad_key);
  EXPECT_EQ(store().remove(bad).error().code, StoreErrorCode::bad_key);
  EXPECT_EQ(store().local_path(bad).error().code, StoreErrorCode::bad_key);
}

TEST_F(FileBlobStore, ReadsAnyPart) {
  ASSERT_TRUE(put(store(), key, bytes_of("0123456789")));
  const auto reader = store().open(key).value();
  std::array<std::byte, 4> out{};
  const auto read = [&](std::uint64_t offset) {
    const auto got = reader->read_at(offset, out).value();
    return std::string{reinterpret_cast<const char*>(out.data()), got};
  };
  EXPECT_EQ(read(0), "0123");
  EXPECT_EQ(read(8), "89");
  EXPECT_EQ(read(10), "");
  EXPECT_EQ(read(std::numeric_limits<std::uint64_t>::max()), "");
  EXPECT_EQ(reader->size(), 10U);
}

TEST_F(FileBlobStore, KnowsWhenABlobWasMade) {
  const auto before = jobs::system_now() - std::chrono::seconds{1};
  ASSERT_TRUE(put(store(), key, bytes_of("abc")));
  const auto modified_at = store().open(key).value()->modified_at();
  EXPECT_GE(modified_at, before);
  EXPECT_LE(modified_at, jobs::system_now());
}

TEST_F(FileBlobStore, AnOpenBlobOutlivesItsRemoval) {
  ASSERT_TRUE(put(store(), key, bytes_of("abc")));
  const auto reader = store().open(key).value();
  ASSERT_TRUE(store().remove(key));
  EXPECT_FALSE(store().open(key));
  EXPECT_EQ(read_all(*reader).size(), 3U);
}

TEST_F(FileBlobStore, RemovingTwiceIsHarmless) {
  ASSERT_TRUE(put(store(), key, bytes_of("abc")));
  EXPECT_TRUE(store().remove(key));
  EXPECT_TRUE(store().remove(key));
  EXPECT_TRUE(store().remove("uploads/no_such_folder/a.jpg"));
}

TEST_F(FileBlobStore, NeverFollowsASymbolicLink) {
  std::ofstream{root() / "secret"} << "secret";
  fs::create_symlink(root() / "secret", root() / key);
  const auto reader = store().open(key);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, StoreErrorCode::not_found);
  EXPECT_THAT(reader.error().message, HasSubstr("symbolic link"));
  EXPECT_TRUE(listing().empty());
}

TEST_F(FileBlobStore, AFolderIsNoBlob) {
  fs::create_directory(root() / key);
  EXPECT_EQ(store().open(key).error().code, StoreErrorCode::not_found);
  EXPECT_TRUE(listing().empty());
}

TEST_F(FileBlobStore, ListsBlobsAndNothingElse) {
  ASSERT_TRUE(put(store(), key, bytes_of("abc")));
  ASSERT_TRUE(put(store(), "uploads/posters/b.png", bytes_of("")));
  const auto unfinished = store().create().value();
  std::ofstream{root() / "uploads" / "stray"} << "x";
  std::ofstream{root() / "uploads" / "originals" / "NOT A KEY"} << "x";
  fs::create_directories(root() / "uploads" / "originals" / "deeper" / "still");
  EXPECT_THAT(listing(), ElementsAre(Pair(key, 3U), Pair("uploads/posters/b.png", 0U)));
}

TEST_F(FileBlobStore, AWalkGoesOnOverWhatIsRemovedMeanwhile) {
  for (const auto* name : {"uploads/a/1", "uploads/a/2", "uploads/b/1"}) {
    ASSERT_TRUE(put(store(), name, {}));
  }
  const auto walk = store().walk().value();
  ASSERT_TRUE(walk->next().value());
  fs::remove_all(root() / "uploads" / "a");
  fs::remove_all(root() / "uploads" / "b");
  while (const auto entry = walk->next().value()) {
  }
  EXPECT_FALSE(walk->next().value());
}

TEST_F(FileBlobStore, TakesNothingWhileTheDiskHasLessThanTheReserve) {
  const auto careful = open_file_blob_store(root(), std::uint64_t{1} << 62U);
  ASSERT_TRUE(careful) << careful.error().message;
  const auto refused = (*careful)->create();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, StoreErrorCode::no_space);
}

TEST_F(FileBlobStore, RemovesOldTemporariesOnly) {
  const auto fresh = store().create().value();
  const auto stale = root() / "temporary" / "left-behind";
  std::ofstream{stale} << "x";
  fs::last_write_time(stale, fs::file_time_type::clock::now() - std::chrono::hours{3});
  const auto an_hour_ago = jobs::system_now() - std::chrono::hours{1};

  EXPECT_EQ(store().remove_stale_temporaries(an_hour_ago - std::chrono::hours{3}).value(), 0U);
  EXPECT_EQ(store().remove_stale_temporaries(an_hour_ago).value(), 1U);
  EXPECT_FALSE(fs::exists(stale));
  EXPECT_TRUE(fs::exists(fresh->path()));
}

TEST_F(FileBlobStore, KnowsWhereABlobIs) {
  EXPECT_EQ(store().local_path(key).value(), root() / key);
}

TEST(FileBlobStoreRoot, IsMadeWithItsParents) {
  const tests::TemporaryFolder folder;
  const auto store = open_file_blob_store(folder.path() / "a" / "b");
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_TRUE(put(**store, key, bytes_of("abc")));
}

TEST(FileBlobStoreRoot, ThatIsAFileIsRefused) {
  const tests::TemporaryFolder folder;
  std::ofstream{folder.path() / "root"} << "a file";
  const auto store = open_file_blob_store(folder.path() / "root");
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, StoreErrorCode::unwritable);
  EXPECT_THAT(store.error().message, HasSubstr((folder.path() / "root").string()));
}

TEST(FileBlobStoreRoot, ThatCannotBeMadeIsRefused) {
  const auto store = open_file_blob_store("/proc/darkroom");
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, StoreErrorCode::unwritable);
  EXPECT_THAT(store.error().message, HasSubstr("/proc/darkroom"));
}

}  // namespace
}  // namespace darkroom::persistence
