#include "persistence/remote_blob_store.hpp"

#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/persistence/blob_bytes.hpp"
#include "tests/transfer/blob_server.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::string_view key = "uploads/originals/a.jpg";

class RemoteBlobStoreTest : public testing::Test {
 protected:
  [[nodiscard]] std::unique_ptr<BlobStore> open_store(std::uint64_t reserve = 0,
                                                      UrlSource urls = {}) {
    return open_remote_blob_store({.urls = urls ? std::move(urls) : server_.urls(),
                                   .port = server_.port(),
                                   .folder = folder_.path() / "scratch",
                                   .reserve_bytes = reserve,
                                   .transfer = tests::quick_transfers()})
        .value();
  }

  [[nodiscard]] std::size_t local_files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator{folder_.path() / "scratch" / "temporary"}, {}));
  }

  tests::TemporaryFolder folder_;
  tests::BlobServer server_;
  std::unique_ptr<BlobStore> store_ = open_store();
};

TEST_F(RemoteBlobStoreTest, KeepsBlobsAtTheOtherNode) {
  const auto bytes = noise(2'500'000);
  const auto sha256 = put(*store_, key, bytes);
  ASSERT_TRUE(sha256) << sha256.error().message;
  EXPECT_EQ(server_.content(key)->size(), bytes.size());
  EXPECT_EQ(read_all(*store_, key), bytes);
  EXPECT_EQ(local_files(), 0U);
  EXPECT_EQ(server_.temporary_files(), 0U);
}

TEST_F(RemoteBlobStoreTest, ShowsNothingBeforeItIsCommitted) {
  auto writer = store_->create().value();
  ASSERT_TRUE(writer->write(bytes_of("abc")));
  EXPECT_EQ(writer->finish().value(), tests::sha256_of("abc"));
  EXPECT_EQ(fs::file_size(writer->path()), 3U);
  EXPECT_FALSE(store_->open(key));
  writer.reset();
  EXPECT_EQ(local_files(), 0U);
  EXPECT_FALSE(server_.content(key));
}

TEST_F(RemoteBlobStoreTest, RefusesToCommitTooEarlyOrTwice) {
  const auto writer = store_->create().value();
  EXPECT_FALSE(writer->commit(key));
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(writer->commit("uploads/../x").error().code, StoreErrorCode::bad_key);
  EXPECT_TRUE(writer->commit(key));
  EXPECT_FALSE(writer->commit(key));
}

TEST_F(RemoteBlobStoreTest, SaysThatABlobIsNotThere) {
  const auto reader = store_->open(key);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, StoreErrorCode::not_found);
}

TEST_F(RemoteBlobStoreTest, RefusesBadKeysEverywhere) {
  constexpr std::string_view bad = "uploads/../temporary";
  EXPECT_EQ(store_->open(bad).error().code, StoreErrorCode::bad_key);
  EXPECT_EQ(store_->remove(bad).error().code, StoreErrorCode::bad_key);
  EXPECT_EQ(store_->local_path(bad).error().code, StoreErrorCode::bad_key);
}

TEST_F(RemoteBlobStoreTest, ReadsAnyPart) {
  ASSERT_TRUE(put(*store_, key, bytes_of("0123456789")));
  const auto reader = store_->open(key).value();
  std::array<std::byte, 4> out{};
  const auto read = [&](std::uint64_t offset) {
    const auto got = reader->read_at(offset, out).value();
    return std::string{reinterpret_cast<const char*>(out.data()), got};
  };
  EXPECT_EQ(read(0), "0123");
  EXPECT_EQ(read(8), "89");
  EXPECT_EQ(read(3), "3456");
  EXPECT_EQ(read(10), "");
  EXPECT_EQ(read(std::numeric_limits<std::uint64_t>::max()), "");
  EXPECT_EQ(reader->size(), 10U);
  EXPECT_EQ(reader->read_at(0, {}).value(), 0U);
}

TEST_F(RemoteBlobStoreTest, ReadsAnEmptyBlob) {
  ASSERT_TRUE(put(*store_, key, {}));
  const auto reader = store_->open(key).value();
  EXPECT_EQ(reader->size(), 0U);
  EXPECT_TRUE(read_all(*reader).empty());
}

TEST_F(RemoteBlobStoreTest, ReadsAcrossPiecesFromManyThreads) {
  const auto bytes = noise(3'200'000);
  ASSERT_TRUE(put(*store_, key, bytes));
  const auto reader = std::shared_ptr<BlobReader>{store_->open(key).value()};
  std::vector<std::jthread> threads;
  for (std::uint64_t offset : {0U, 700'000U, 1'048'570U, 2'000'000U}) {
    threads.emplace_back([&, offset] {
      std::vector<std::byte> out(1'200'000);
      for (std::size_t filled = 0; filled < out.size();)
        filled += reader->read_at(offset + filled, std::span{out}.subspan(filled)).value();
      EXPECT_TRUE(
          std::equal(out.begin(), out.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset)));
    });
  }
}

TEST_F(RemoteBlobStoreTest, KnowsWhenABlobWasMade) {
  const auto before = jobs::system_now() - std::chrono::seconds{2};
  ASSERT_TRUE(put(*store_, key, bytes_of("abc")));
  const auto modified_at = store_->open(key).value()->modified_at();
  EXPECT_GE(modified_at, before);
  EXPECT_LE(modified_at, jobs::system_now());
}

TEST_F(RemoteBlobStoreTest, SaysThatAnOpenBlobIsGoneOrAnotherOne) {
  ASSERT_TRUE(put(*store_, key, bytes_of("abc")));
  std::array<std::byte, 3> out{};
  const auto replaced = store_->open(key).value();
  ASSERT_TRUE(put(*store_, key, bytes_of("other")));
  EXPECT_EQ(replaced->read_at(0, out).error().code, StoreErrorCode::corrupt);
  const auto removed = store_->open(key).value();
  ASSERT_TRUE(store_->remove(key));
  EXPECT_EQ(removed->read_at(0, out).error().code, StoreErrorCode::not_found);
}

TEST_F(RemoteBlobStoreTest, ReadsOnAfterItsUrlHasExpired) {
  ASSERT_TRUE(put(*store_, key, bytes_of("abc")));
  const auto reader = store_->open(key).value();
  server_.set_forth(std::chrono::hours{1});
  EXPECT_EQ(read_all(*reader).size(), 3U);
}

TEST_F(RemoteBlobStoreTest, RemovingTwiceIsHarmless) {
  ASSERT_TRUE(put(*store_, key, bytes_of("abc")));
  EXPECT_TRUE(store_->remove(key));
  EXPECT_TRUE(store_->remove(key));
  EXPECT_TRUE(store_->remove("uploads/no_such_folder/a.jpg"));
  EXPECT_FALSE(server_.content(key));
}

TEST_F(RemoteBlobStoreTest, TakesNothingWhileTheOwnDiskHasLessThanTheReserve) {
  const auto careful = open_store(std::uint64_t{1} << 62U);
  EXPECT_EQ(careful->create().error().code, StoreErrorCode::no_space);
}

TEST_F(RemoteBlobStoreTest, SaysThatTheOtherNodesDiskIsFull) {
  server_.blobs().is_full();
  const auto refused = put(*store_, key, bytes_of("abc"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, StoreErrorCode::no_space);
  server_.blobs().has_room_again();
  EXPECT_TRUE(put(*store_, key, bytes_of("abc")));
}

TEST_F(RemoteBlobStoreTest, PassesOnWhyThereIsNoUrl) {
  const auto store = open_store(0, [](BlobMethod, std::string_view, std::uint64_t) {
    return tl::unexpected{StoreError{.code = StoreErrorCode::unwritable, .message = "no registry"}};
  });
  EXPECT_THAT(put(*store, key, bytes_of("abc")).error().message, HasSubstr("no registry"));
  EXPECT_THAT(store->open(key).error().message, HasSubstr("no registry"));
  EXPECT_THAT(store->remove(key).error().message, HasSubstr("no registry"));
}

TEST_F(RemoteBlobStoreTest, LooksAfterItsTemporaryFilesOnly) {
  const auto fresh = store_->create().value();
  const auto stale = folder_.path() / "scratch" / "temporary" / "left-behind";
  std::ofstream{stale} << "x";
  fs::last_write_time(stale, fs::file_time_type::clock::now() - std::chrono::hours{3});
  const auto an_hour_ago = jobs::system_now() - std::chrono::hours{1};
  EXPECT_EQ(store_->remove_stale_temporaries(an_hour_ago).value(), 1U);
  EXPECT_TRUE(fs::exists(fresh->path()));
  EXPECT_TRUE(store_->check_writable());
  EXPECT_FALSE(store_->walk());
  EXPECT_FALSE(store_->local_path(key));
}

TEST_F(RemoteBlobStoreTest, InAFolderThatCannotBeMadeIsRefused) {
  const auto store = open_remote_blob_store({.urls = server_.urls(), .folder = "/proc/darkroom"});
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, HasSubstr("/proc/darkroom"));
}

}  // namespace
}  // namespace darkroom::persistence
