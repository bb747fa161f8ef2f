#include <limits>

#include <gtest/gtest.h>

#include "persistence/content_digest.hpp"
#include "tests/transfer/blob_server.hpp"

namespace darkroom::http {
namespace {

using persistence::BlobMethod;

constexpr std::string_view key = "uploads/resized/a.jpg";

std::string digest_line(std::string_view bytes) {
  return "Content-Digest: " + persistence::content_digest(tests::sha256_of(bytes)) + "\r\n";
}

class BlobPut : public testing::Test {
 protected:
  RawResponse put(std::string_view bytes, const std::string& lines, std::uint64_t limit = 1'000) {
    return server_.send("PUT", server_.url(BlobMethod::put, key, limit), lines, bytes);
  }

  void expect_nothing_kept() {
    EXPECT_FALSE(server_.content(key));
    EXPECT_EQ(server_.temporary_files(), 0U);
  }

  tests::BlobServer server_;
};

TEST_F(BlobPut, KeepsTheFile) {
  EXPECT_EQ(put("abc", digest_line("abc")).status, 201);
  EXPECT_EQ(server_.content(key), "abc");
  EXPECT_EQ(server_.temporary_files(), 0U);
}

TEST_F(BlobPut, IsHarmlessToRepeat) {
  EXPECT_EQ(put("abc", digest_line("abc")).status, 201);
  EXPECT_EQ(put("abc", digest_line("abc")).status, 204);
  EXPECT_EQ(put("other", digest_line("other")).status, 204);
  EXPECT_EQ(server_.content(key), "other");
}

TEST_F(BlobPut, KeepsAnEmptyFileToo) {
  EXPECT_EQ(put("", digest_line("") + "Content-Length: 0\r\n").status, 201);
  EXPECT_EQ(server_.content(key), "");
}

TEST_F(BlobPut, KeepsALargeFileSentPieceByPiece) {
  const std::string bytes(3'000'000, 'x');
  RawClient client{server_.port()};
  client.send(request_text("PUT", server_.url(BlobMethod::put, key, bytes.size()),
                           digest_line(bytes) + "Content-Length: 3000000\r\n"));
  for (std::size_t sent = 0; sent < bytes.size(); sent += 100'001)
    client.send(std::string_view{bytes}.substr(sent, 100'001));
  EXPECT_EQ(client.receive()->status, 201);
  EXPECT_TRUE(server_.content(key) == bytes);
}

TEST_F(BlobPut, OverTheLimitIsRefusedBeforeItIsRead) {
  const auto url = server_.url(BlobMethod::put, key, 10);
  for (const auto* length : {"11", "1000000000000", "18446744073709551615"}) {
    RawClient client{server_.port()};
    client.send(request_text(
        "PUT", url,
        digest_line("x") + "Content-Length: " + length + "\r\nExpect: 100-continue\r\n"));
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 413) << length;
    EXPECT_EQ(response->problem_code(), "too_many_bytes");
  }
  expect_nothing_kept();
  EXPECT_EQ(put("0123456789", digest_line("0123456789"), 10).status, 201);
}

TEST_F(BlobPut, CannotRaiseItsLimit) {
  auto url = server_.url(BlobMethod::put, key, 10);
  url.replace(url.find("limit=10"), 8, "limit=1000");
  EXPECT_EQ(server_.send("PUT", url, digest_line("0123456789ab"), "0123456789ab").status, 403);
  EXPECT_EQ(server_
                .send("PUT", server_.url(BlobMethod::put, key, 10) + "&limit=1000",
                      digest_line("0123456789ab"), "0123456789ab")
                .status,
            403);
  expect_nothing_kept();
}

TEST_F(BlobPut, MustSayItsLength) {
  const auto url = server_.url(BlobMethod::put, key);
  EXPECT_EQ(server_.send("PUT", url, digest_line("")).status, 411);
  const auto chunked =
      server_.send("PUT", url, digest_line("abc") + "Transfer-Encoding: chunked\r\n");
  EXPECT_EQ(chunked.status, 411);
  EXPECT_EQ(chunked.problem_code(), "length_required");
  expect_nothing_kept();
}

TEST_F(BlobPut, MustSayItsDigest) {
  for (const std::string& lines :
       {std::string{}, std::string{"Content-Digest: sha-256=:AAAA:\r\n"},
        std::string{"Content-Digest: md5=:AAAA:\r\n"}, digest_line("abc") + digest_line("abd")}) {
    const auto response = put("abc", lines);
    EXPECT_EQ(response.status, 400) << lines;
    EXPECT_EQ(response.problem_code(), "malformed_request");
  }
  expect_nothing_kept();
}

TEST_F(BlobPut, ThatIsNotWhatItsDigestSaysIsNotKept) {
  const auto response = put("abc", digest_line("abd"));
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.problem_code(), "digest_mismatch");
  expect_nothing_kept();
}

TEST_F(BlobPut, ThatIsCutOffIsNotKept) {
  RawClient client{server_.port()};
  client.send(request_text("PUT", server_.url(BlobMethod::put, key),
                           digest_line("abc") + "Content-Length: 3\r\n") +
              "ab");
  client.end_sending();
  EXPECT_EQ(client.receive()->status, 400);
  expect_nothing_kept();
}

TEST_F(BlobPut, OnAFullDiskSaysSo) {
  server_.blobs().is_full();
  const auto response = put("abc", digest_line("abc"));
  EXPECT_EQ(response.status, 507);
  EXPECT_EQ(response.problem_code(), "store_full");
  expect_nothing_kept();
  server_.blobs().has_room_again();
  EXPECT_EQ(put("abc", digest_line("abc")).status, 201);
}

TEST_F(BlobPut, OnADiskThatFailsSaysSo) {
  std::filesystem::remove_all(server_.folder() / "temporary");
  const auto response = put("abc", digest_line("abc"));
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.problem_code(), "store_failed");
  EXPECT_EQ(response.body.find(server_.folder().string()), std::string::npos);
}

}  // namespace
}  // namespace darkroom::http
