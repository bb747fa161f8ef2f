#include "http/blob_routes.hpp"

#include <gtest/gtest.h>

#include "persistence/content_digest.hpp"
#include "tests/transfer/blob_server.hpp"

namespace darkroom::http {
namespace {

using persistence::BlobMethod;

constexpr std::string_view key = "uploads/resized/a.jpg";

class BlobRoutes : public testing::Test {
 protected:
  BlobRoutes() { server_.put(key, "0123456789"); }

  void expect_refused(std::string_view method, const std::string& url, std::string_view code) {
    const auto response = server_.send(method, url);
    EXPECT_EQ(response.status, 403) << method << " " << url;
    EXPECT_EQ(response.problem_code(), method == "HEAD" ? "" : code) << method << " " << url;
    EXPECT_TRUE(server_.content(key));
  }

  tests::BlobServer server_;
};

TEST_F(BlobRoutes, GiveAFileToWhoHasItsUrl) {
  const auto url = server_.url(BlobMethod::get, key);
  const auto response = server_.send("GET", url);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "0123456789");
  const auto head = server_.send("HEAD", url);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.field("content-length"), "10");
  const auto part = server_.send("GET", url, "Range: bytes=3-5\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "345");
}

TEST_F(BlobRoutes, SayThatAFileIsNotThere) {
  const auto response = server_.send("GET", server_.url(BlobMethod::get, "uploads/resized/b.jpg"));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.problem_code(), "unknown_file");
}

TEST_F(BlobRoutes, RemoveAFileAsOftenAsAsked) {
  const auto url = server_.url(BlobMethod::remove, key);
  EXPECT_EQ(server_.send("DELETE", url).status, 204);
  EXPECT_FALSE(server_.content(key));
  EXPECT_EQ(server_.send("DELETE", url).status, 204);
}

TEST_F(BlobRoutes, DoNothingWithoutASignature) {
  for (const auto* method : {"GET", "HEAD", "PUT", "DELETE"}) {
    expect_refused(method, "/blobs/uploads/resized/a.jpg", "bad_signature");
    expect_refused(method,
                   "/blobs/uploads/resized/a.jpg?method=" + std::string{method} +
                       "&expires=99999999999&limit=1&signature=" + std::string(64, '0'),
                   "bad_signature");
  }
  EXPECT_EQ(server_.send("GET", "/watermarks/logo").status, 403);
}

TEST_F(BlobRoutes, DoNothingElseThanWasSignedFor) {
  const auto get = server_.url(BlobMethod::get, key);
  for (const auto* method : {"PUT", "DELETE"})
    expect_refused(method, get, "bad_signature");
  for (const auto* method : {"GET", "HEAD", "DELETE"})
    expect_refused(method, server_.url(BlobMethod::put, key), "bad_signature");
  for (const auto* method : {"GET", "HEAD", "PUT"})
    expect_refused(method, server_.url(BlobMethod::remove, key), "bad_signature");
  auto other = server_.url(BlobMethod::remove, "uploads/resized/b.jpg");
  other.replace(other.find("b.jpg"), 5, "a.jpg");
  expect_refused("DELETE", other, "bad_signature");
}

TEST_F(BlobRoutes, DoNothingOnceTheUrlHasExpired) {
  const auto get = server_.url(BlobMethod::get, key);
  const auto put = server_.url(BlobMethod::put, key);
  const auto remove = server_.url(BlobMethod::remove, key);
  EXPECT_EQ(server_.send("GET", get).status, 200);
  server_.set_forth(std::chrono::minutes{2});
  expect_refused("GET", get, "url_expired");
  expect_refused("HEAD", get, "url_expired");
  expect_refused("PUT", put, "url_expired");
  expect_refused("DELETE", remove, "url_expired");
}

TEST_F(BlobRoutes, KnowNoPathTricks) {
  const std::string query =
      server_.url(BlobMethod::get, key).substr(std::string{"/blobs/"}.size() + key.size());
  for (const auto* path :
       {"/blobs/../signing-key", "/blobs/uploads/resized/../../signing-key", "/blobs/signing-key",
        "/blobs//etc/passwd", "/blobs/uploads/resized/..%2f..%2fsigning-key",
        "/blobs/uploads/resized/a.jpg%00", "/blobs/uploads/resized/a.jpg/", "/blobs/jobs/CURRENT",
        "/blobs/temporary/x", "/watermarks/..", "/watermarks/%2e%2e"}) {
    const auto response = server_.send("GET", path + query);
    EXPECT_EQ(response.status, 403) << path;
    EXPECT_EQ(response.problem_code(), "bad_signature") << path;
  }
}

TEST_F(BlobRoutes, SignedForWhatIsNoBlobDoNothing) {
  for (const auto* target : {"signing-key", "../signing-key", "jobs/CURRENT"}) {
    EXPECT_EQ(server_.send("GET", server_.url(BlobMethod::get, target)).status, 403) << target;
    EXPECT_EQ(server_.send("DELETE", server_.url(BlobMethod::remove, target)).status, 403);
  }
  EXPECT_TRUE(server_.content("signing-key"));
}

TEST_F(BlobRoutes, GiveTheImageOfAWatermark) {
  const auto later = server_.now() + std::chrono::minutes{1};
  const auto response = server_.send("GET", server_.signer().sign_watermark("logo", later));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "a logo");
  EXPECT_EQ(response.field("content-digest"),
            persistence::content_digest(tests::sha256_of("a logo")));
  EXPECT_EQ(server_.send("GET", server_.signer().sign_watermark("none", later)).status, 404);
  EXPECT_EQ(server_.send("GET", server_.signer().sign_watermark("gone", later)).status, 503);
}

TEST_F(BlobRoutes, AreAllThereIs) {
  for (const auto* path : {"/", "/v1/jobs", "/files/uploads/resized/a.jpg", "/metrics", "/healthz"})
    EXPECT_EQ(server_.send("GET", path).status, 404) << path;
  const auto post = server_.send("POST", server_.url(BlobMethod::put, key));
  EXPECT_EQ(post.status, 405);
  EXPECT_EQ(post.field("allow"), "GET, HEAD, PUT, DELETE, OPTIONS");
}

}  // namespace
}  // namespace darkroom::http
