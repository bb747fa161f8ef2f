#include "persistence/blob_transfer.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/files/content_of.hpp"
#include "tests/persistence/blob_bytes.hpp"
#include "tests/transfer/blob_server.hpp"

// Against a node that holds blobs.

namespace darkroom::persistence {
namespace {

using testing::HasSubstr;

constexpr std::string_view key = "uploads/originals/a.jpg";

class BlobTransferTest : public testing::Test {
 protected:
  [[nodiscard]] FileDescriptor new_file(const std::string& name = "file") const {
    return FileDescriptor::open(folder_.path() / name, O_RDWR | O_CREAT | O_EXCL, 0600).value();
  }

  [[nodiscard]] static std::string text(std::size_t size, unsigned seed = 1) {
    const auto bytes = noise(size, seed);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  template <class T>
  static void expect_error(const tl::expected<T, TransferError>& outcome, TransferErrorCode code) {
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, code) << outcome.error().message;
    EXPECT_THAT(outcome.error().message, testing::Not(HasSubstr("signature=")));
  }

  tests::TemporaryFolder folder_;
  tests::BlobServer server_;
  BlobTransfer transfer_{tests::quick_transfers(), server_.port()};
};

TEST_F(BlobTransferTest, FetchesAFileAsItIs) {
  const auto content = text(3'000'000);
  server_.put(key, content);
  const auto file = new_file();
  ASSERT_TRUE(file.write_all(bytes_of("what was there before")));
  for (int i = 0; i < 2; ++i) {
    const auto fetched =
        transfer_.download(server_.url(BlobMethod::get, key),
                           {.sha256 = tests::sha256_of(content), .bytes = content.size()}, file);
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_TRUE(tests::content_of(file.path()) == content);
  }
}

TEST_F(BlobTransferTest, FetchesAnEmptyFile) {
  server_.put(key, "");
  const auto file = new_file();
  EXPECT_TRUE(transfer_.download(server_.url(BlobMethod::get, key),
                                 {.sha256 = tests::sha256_of(""), .bytes = 0}, file));
}

TEST_F(BlobTransferTest, FindsOutThatAFileIsNotTheOneThatIsWanted) {
  server_.put(key, "abc");
  const auto file = new_file();
  const auto url = server_.url(BlobMethod::get, key);
  expect_error(transfer_.download(url, {.sha256 = tests::sha256_of("abd"), .bytes = 3}, file),
               TransferErrorCode::damaged);
  expect_error(transfer_.download(url, {.sha256 = tests::sha256_of("abc"), .bytes = 4}, file),
               TransferErrorCode::damaged);
  expect_error(transfer_.download(url, {.sha256 = tests::sha256_of("ab"), .bytes = 2}, file),
               TransferErrorCode::damaged);
}

TEST_F(BlobTransferTest, TakesNoMoreThanIsWanted) {
  server_.put(key, text(3'000'000));
  const auto file = new_file();
  const auto url = server_.url(BlobMethod::get, key);
  expect_error(transfer_.download(url, {.sha256 = tests::sha256_of("x"), .bytes = 1'000}, file),
               TransferErrorCode::damaged);
  EXPECT_LE(std::filesystem::file_size(file.path()), 1'000U);
  expect_error(transfer_.download(url, 1'000), TransferErrorCode::too_large);
}

TEST_F(BlobTransferTest, SendsBytesAndFiles) {
  const auto content = text(3'000'000);
  const auto url = server_.url(BlobMethod::put, key);
  const auto sent = transfer_.upload(url, bytes_of(content), tests::sha256_of(content));
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_TRUE(server_.content(key) == content);

  const auto other = text(2'000'001, 2);
  const auto file = new_file();
  ASSERT_TRUE(file.write_all(bytes_of(other)));
  const auto again = transfer_.upload(url, file, other.size(), tests::sha256_of(other));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(server_.content(key) == other);
  EXPECT_TRUE(transfer_.upload(url, {}, tests::sha256_of("")));
  EXPECT_EQ(server_.content(key), "");
}

TEST_F(BlobTransferTest, SaysWhyAFileIsNotTaken) {
  const auto sha256 = tests::sha256_of("abc");
  const auto send = [&](const std::string& url, const std::string& hash) {
    return transfer_.upload(url, bytes_of("abc"), hash);
  };
  const auto url = server_.url(BlobMethod::put, key);
  expect_error(send(url, tests::sha256_of("abd")), TransferErrorCode::damaged);
  expect_error(send(server_.url(BlobMethod::put, key, 2), sha256), TransferErrorCode::too_large);
  expect_error(send(server_.url(BlobMethod::get, key), sha256), TransferErrorCode::refused);
  server_.blobs().is_full();
  expect_error(send(url, sha256), TransferErrorCode::no_space);
  server_.blobs().has_room_again();
  server_.set_forth(std::chrono::minutes{2});
  expect_error(send(url, sha256), TransferErrorCode::expired);
  EXPECT_FALSE(server_.content(key));
  std::filesystem::remove_all(server_.folder() / "temporary");
  expect_error(send(server_.url(BlobMethod::put, key), sha256), TransferErrorCode::unwritable);
}

TEST_F(BlobTransferTest, SaysThatAFileIsNotThere) {
  const auto url = server_.url(BlobMethod::get, key);
  const auto file = new_file();
  expect_error(transfer_.download(url, {.sha256 = tests::sha256_of(""), .bytes = 0}, file),
               TransferErrorCode::not_found);
  expect_error(transfer_.look_at(url), TransferErrorCode::not_found);
}

TEST_F(BlobTransferTest, ReadsParts) {
  server_.put(key, "0123456789");
  const auto url = server_.url(BlobMethod::get, key);
  const auto facts = transfer_.look_at(url);
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->bytes, 10U);
  std::string part(4, '.');
  ASSERT_TRUE(transfer_.read(url, facts->etag, 3, std::as_writable_bytes(std::span{part})));
  EXPECT_EQ(part, "3456");
  expect_error(transfer_.read(url, facts->etag, 8, std::as_writable_bytes(std::span{part})),
               TransferErrorCode::damaged);
  expect_error(transfer_.read(url, "\"other\"", 0, std::as_writable_bytes(std::span{part})),
               TransferErrorCode::damaged);
}

TEST_F(BlobTransferTest, FetchesAWatermark) {
  const auto url = server_.signer().sign_watermark("logo", server_.now() + std::chrono::minutes{1});
  const auto bytes = transfer_.download(url, 100);
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_EQ(bytes->size(), 6U);
  EXPECT_TRUE(transfer_.download(url, 6));
  expect_error(transfer_.download(url, 5), TransferErrorCode::too_large);
}

TEST_F(BlobTransferTest, RemovesAFile) {
  server_.put(key, "abc");
  const auto url = server_.url(BlobMethod::remove, key);
  EXPECT_TRUE(transfer_.remove(url));
  EXPECT_FALSE(server_.content(key));
  EXPECT_TRUE(transfer_.remove(url));
}

TEST_F(BlobTransferTest, GoesNowhereElse) {
  for (const auto* url : {"", "@example.org/", ".example.org/", "http://example.org/", "1/x"})
    expect_error(transfer_.remove(url), TransferErrorCode::refused);
}

TEST_F(BlobTransferTest, UsesAnotherPortOnceItIsTold) {
  BlobTransfer transfer{tests::quick_transfers(), 1};
  const auto url = server_.url(BlobMethod::remove, key);
  expect_error(transfer.remove(url), TransferErrorCode::transient);
  transfer.set_port(server_.port());
  EXPECT_TRUE(transfer.remove(url));
}

}  // namespace
}  // namespace darkroom::persistence
