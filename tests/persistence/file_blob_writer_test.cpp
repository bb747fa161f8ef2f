#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "persistence/blob_store.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/persistence/blob_bytes.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::string_view key = "uploads/originals/a.jpg";

class FileBlobWriter : public testing::Test {
 protected:
  FileBlobWriter() : store_(open_file_blob_store(folder_.path()).value()) {}

  BlobStore& store() { return *store_; }
  fs::path root() const { return folder_.path(); }

  std::size_t temporaries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator{root() / "temporary"}, {}));
  }

 private:
  tests::TemporaryFolder folder_;
  std::unique_ptr<BlobStore> store_;
};

class FileBlobWriterSize : public FileBlobWriter,
                           public testing::WithParamInterface<std::size_t> {};

TEST_P(FileBlobWriterSize, RoundTrip) {
  const auto bytes = noise(GetParam());
  ASSERT_TRUE(put(store(), key, bytes));
  EXPECT_EQ(read_all(store(), key), bytes);
  EXPECT_EQ(fs::file_size(root() / key), bytes.size());
}

constexpr std::size_t buffer = std::size_t{256} << 10U;
INSTANTIATE_TEST_SUITE_P(All, FileBlobWriterSize,
                         testing::Values(0, 1, buffer - 1, buffer, buffer + 1, 5'000'000));

TEST_F(FileBlobWriter, PiecesOfAnySizeAreJoined) {
  const auto bytes = noise(700'000);
  const auto writer = store().create().value();
  std::size_t done = 0;
  for (std::size_t piece = 1; done < bytes.size(); piece = piece * 3 + 1) {
    const auto taken = std::min(piece, bytes.size() - done);
    ASSERT_TRUE(writer->write(std::span{bytes}.subspan(done, taken)));
    done += taken;
    EXPECT_EQ(writer->size(), done);
  }
  const auto pieces_hash = writer->finish().value();
  ASSERT_TRUE(writer->commit(key));
  EXPECT_EQ(read_all(store(), key), bytes);
  EXPECT_EQ(put(store(), "uploads/originals/b.jpg", bytes).value(), pieces_hash);
}

// The examples of FIPS 180-4, published by NIST with the standard.
TEST_F(FileBlobWriter, GivesTheSha256) {
  EXPECT_EQ(put(store(), key, {}).value(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(put(store(), key, bytes_of("abc")).value(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(FileBlobWriter, IsSeenOnlyOnceCommitted) {
  const auto writer = store().create().value();
  ASSERT_TRUE(writer->write(bytes_of("abc")));
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(store().open(key).error().code, StoreErrorCode::not_found);
  EXPECT_EQ(fs::file_size(writer->path()), 3U);
  ASSERT_TRUE(writer->commit(key));
  EXPECT_TRUE(store().open(key));
  EXPECT_FALSE(fs::exists(writer->path()));
}

TEST_F(FileBlobWriter, LeavesNothingWhenGivenUp) {
  {
    const auto writing = store().create().value();
    ASSERT_TRUE(writing->write(noise(1'000'000)));
    const auto finished = store().create().value();
    ASSERT_TRUE(finished->finish());
    EXPECT_EQ(temporaries(), 2U);
  }
  EXPECT_EQ(temporaries(), 0U);
}

TEST_F(FileBlobWriter, ReplacesTheBlobOfTheSameKey) {
  ASSERT_TRUE(put(store(), key, bytes_of("old")));
  const auto reader = store().open(key).value();
  ASSERT_TRUE(put(store(), key, bytes_of("new and longer")));
  EXPECT_EQ(read_all(*reader).size(), 3U);
  EXPECT_EQ(read_all(store(), key).size(), 14U);
  EXPECT_EQ(temporaries(), 0U);
}

TEST_F(FileBlobWriter, MakesNewFoldersOnDemand) {
  ASSERT_TRUE(put(store(), "uploads/posters/a.png", bytes_of("x")));
  EXPECT_TRUE(fs::is_regular_file(root() / "uploads/posters/a.png"));
}

TEST_F(FileBlobWriter, MakesAFolderAgainThatWasRemoved) {
  ASSERT_TRUE(put(store(), "uploads/posters/a.png", bytes_of("x")));
  fs::remove_all(root() / "uploads/posters");
  EXPECT_TRUE(put(store(), "uploads/posters/a.png", bytes_of("x")));
}

TEST_F(FileBlobWriter, SaysSoWhenItsTemporaryFileWasTaken) {
  const auto writer = store().create().value();
  ASSERT_TRUE(writer->finish());
  fs::remove(writer->path());
  const auto committed = writer->commit(key);
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, StoreErrorCode::unwritable);
  EXPECT_THAT(committed.error().message, HasSubstr(writer->path().string()));
}

TEST_F(FileBlobWriter, RefusesKeysOutsideTheStoreAndCanGoOn) {
  const auto writer = store().create().value();
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(writer->commit("uploads/../../x").error().code, StoreErrorCode::bad_key);
  EXPECT_TRUE(writer->commit(key));
}

TEST_F(FileBlobWriter, RefusesCallsOutOfOrder) {
  const auto writer = store().create().value();
  EXPECT_FALSE(writer->commit(key));
  ASSERT_TRUE(writer->finish());
  EXPECT_FALSE(writer->write(bytes_of("late")));
  EXPECT_FALSE(writer->finish());
  ASSERT_TRUE(writer->commit(key));
  EXPECT_FALSE(writer->commit(key));
}

TEST_F(FileBlobWriter, KeepsTemporariesPrivateAndLetsTheGroupReadBlobs) {
  const auto mode = [](const fs::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 0777U;
  };
  const auto writer = store().create().value();
  EXPECT_EQ(mode(writer->path()), 0600U);
  ASSERT_TRUE(writer->finish());
  ASSERT_TRUE(writer->commit(key));
  EXPECT_EQ(mode(root() / key), 0640U);
  EXPECT_EQ(mode(root() / "uploads/originals") & 0027U, 0U) << "others got in";
}

TEST_F(FileBlobWriter, OutlivesItsStore) {
  tests::TemporaryFolder other;
  auto store = open_file_blob_store(other.path()).value();
  const auto writer = store->create().value();
  store.reset();
  ASSERT_TRUE(writer->write(bytes_of("abc")));
  ASSERT_TRUE(writer->finish());
  EXPECT_TRUE(writer->commit(key));
}

}  // namespace
}  // namespace darkroom::persistence
