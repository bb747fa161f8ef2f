#include <gtest/gtest.h>

#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

constexpr std::string_view key = "uploads/resized/a.jpg";
constexpr std::string_view path = "/files/uploads/resized/a.jpg";

class FileRouteTest : public testing::Test {
 protected:
  FileRouteTest() {
    for (int i = 0; content_.size() < 1'000'000; ++i)
      content_ += std::to_string(i) + ",";
    server_.put_blob(key, content_);
  }

  [[nodiscard]] RawResponse get(std::string_view header_lines, std::string_view method = "GET") {
    const auto response = server_.exchange(request_text(method, path, header_lines));
    return response.value_or(RawResponse{});
  }

  TestServer server_;
  std::string content_;
};

TEST_F(FileRouteTest, SendsTheFileWithItsHeaders) {
  const auto response = get("");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, content_);
  EXPECT_EQ(response.field("content-type"), "image/jpeg");
  EXPECT_EQ(response.field("content-length"), std::to_string(content_.size()));
  EXPECT_EQ(response.field("accept-ranges"), "bytes");
  EXPECT_EQ(response.field("x-content-type-options"), "nosniff");
  EXPECT_EQ(response.field("content-security-policy"), "default-src 'none'; sandbox");
  EXPECT_EQ(response.field("cache-control"), "private, max-age=3600");
  EXPECT_TRUE(response.field("last-modified").ends_with(" GMT"));
  EXPECT_TRUE(response.field("date").ends_with(" GMT"));
  EXPECT_TRUE(response.field("etag").starts_with('"'));
}

TEST_F(FileRouteTest, SendsTheSameHeadersForHead) {
  const auto get_response = get("");
  const auto response = get("", "HEAD");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  for (const auto* name :
       {"content-length", "content-type", "etag", "last-modified", "accept-ranges"}) {
    EXPECT_EQ(response.field(name), get_response.field(name)) << name;
  }
}

TEST_F(FileRouteTest, NamesTheTypeByTheExtension) {
  for (const auto& [name, type] :
       std::map<std::string, std::string>{{"a.jpg", "image/jpeg"},
                                          {"a.png", "image/png"},
                                          {"a.gif", "image/gif"},
                                          {"a.bmp", "image/bmp"},
                                          {"a.psd", "image/vnd.adobe.photoshop"},
                                          {"a.tga", "image/x-tga"},
                                          {"a.pnm", "image/x-portable-anymap"},
                                          {"a.webp", "image/webp"},
                                          {"a.avif", "image/avif"},
                                          {"a.heic", "image/heic"},
                                          {"a.hdr", "image/vnd.radiance"},
                                          {"a.bin", "application/octet-stream"},
                                          {"a", "application/octet-stream"},
                                          {"a.html", "application/octet-stream"}}) {
    server_.put_blob("uploads/originals/" + name, "x");
    const auto response = server_.exchange(request_text("GET", "/files/uploads/originals/" + name));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->field("content-type"), type) << name;
  }
}

TEST_F(FileRouteTest, SendsARange) {
  const std::string size = std::to_string(content_.size());
  const auto middle = get("Range: bytes=500000-500099\r\n");
  EXPECT_EQ(middle.status, 206);
  EXPECT_EQ(middle.body, content_.substr(500'000, 100));
  EXPECT_EQ(middle.field("content-range"), "bytes 500000-500099/" + size);
  EXPECT_EQ(middle.field("content-length"), "100");
  const auto suffix = get("Range: bytes=-10\r\n");
  EXPECT_EQ(suffix.status, 206);
  EXPECT_EQ(suffix.body, content_.substr(content_.size() - 10));
  const auto rest = get("Range: bytes=10-99999999\r\n");
  EXPECT_EQ(rest.status, 206);
  EXPECT_EQ(rest.body, content_.substr(10));
}

TEST_F(FileRouteTest, RefusesARangeBehindTheEnd) {
  const auto response = get("Range: bytes=1000000000-\r\n");
  EXPECT_EQ(response.status, 416);
  EXPECT_EQ(response.problem_code(), "range_not_satisfiable");
  EXPECT_EQ(response.field("content-range"), "bytes */" + std::to_string(content_.size()));
}

TEST_F(FileRouteTest, IgnoresOtherRanges) {
  const std::string many_ranges = "bytes=" + std::string(4'000, '1') + "-,2-";
  for (const std::string& range : {std::string{"bytes=1-2,5-6"}, std::string{"nonsense"},
                                   std::string{"bytes=9-1"}, many_ranges}) {
    const auto response = get("Range: " + range + "\r\n");
    EXPECT_EQ(response.status, 200) << range;
    EXPECT_EQ(response.body.size(), content_.size());
  }
}

TEST_F(FileRouteTest, SendsARangeOnlyOfTheVersionAskedFor) {
  const std::string etag = get("", "HEAD").field("etag");
  EXPECT_EQ(get("Range: bytes=0-9\r\nIf-Range: " + etag + "\r\n").status, 206);
  EXPECT_EQ(get("Range: bytes=0-9\r\nIf-Range: \"other\"\r\n").status, 200);
}

TEST_F(FileRouteTest, SendsNothingTheClientHas) {
  const std::string etag = get("", "HEAD").field("etag");
  for (const std::string& tags : {etag, "\"x\", " + etag, "W/" + etag, std::string{"*"}}) {
    const auto response = get("If-None-Match: " + tags + "\r\n");
    EXPECT_EQ(response.status, 304) << tags;
    EXPECT_EQ(response.field("etag"), etag);
    EXPECT_EQ(response.field("content-length"), "");
  }
  EXPECT_EQ(get("If-None-Match: \"other\"\r\n").status, 200);
}

TEST_F(FileRouteTest, ReadsTheTagsOfSeveralLines) {
  const std::string etag = get("", "HEAD").field("etag");
  EXPECT_EQ(get("If-None-Match: \"x\"\r\nIf-None-Match: " + etag + "\r\n").status, 304);
}

TEST_F(FileRouteTest, SendsNothingThatIsAsOldAsTheClientsCopy) {
  const std::string modified = get("", "HEAD").field("last-modified");
  EXPECT_EQ(get("If-Modified-Since: " + modified + "\r\n").status, 304);
  EXPECT_EQ(get("If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n").status, 200);
  EXPECT_EQ(get("If-Modified-Since: yesterday\r\n").status, 200);
  // A tag is the better validator: with one, the date does not count.
  EXPECT_EQ(get("If-None-Match: \"x\"\r\nIf-Modified-Since: " + modified + "\r\n").status, 200);
}

TEST_F(FileRouteTest, SendsOnlyWhatTheClientExpects) {
  const auto head = get("", "HEAD");
  EXPECT_EQ(get("If-Match: " + head.field("etag") + "\r\n").status, 200);
  EXPECT_EQ(get("If-Match: *\r\n").status, 200);
  EXPECT_EQ(get("If-Unmodified-Since: " + head.field("last-modified") + "\r\n").status, 200);
  for (const std::string& condition :
       {std::string{"If-Match: \"x\"\r\n"}, "If-Match: W/" + head.field("etag") + "\r\n",
        std::string{"If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n"}}) {
    const auto response = get(condition + "Range: bytes=0-1\r\n");
    EXPECT_EQ(response.status, 412) << condition;
    EXPECT_EQ(response.problem_code(), "precondition_failed");
  }
}

TEST_F(FileRouteTest, TakesARangeForGetOnly) {
  const auto response = get("Range: bytes=0-9\r\n", "HEAD");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.field("content-length"), std::to_string(content_.size()));
  EXPECT_EQ(get("Range: bytes=1000000000-\r\n", "HEAD").status, 200);
}

TEST_F(FileRouteTest, ChangesTheTagWithTheContent) {
  const std::string before = get("", "HEAD").field("etag");
  server_.put_blob(key, content_ + "more");
  EXPECT_NE(get("", "HEAD").field("etag"), before);
}

TEST_F(FileRouteTest, KnowsNoOtherFiles) {
  for (const auto* other :
       {"/files/uploads/resized/b.jpg", "/files/uploads/resized", "/files/x",
        "/files/../../etc/passwd", "/files/uploads/../../../etc/passwd",
        "/files/uploads/resized/..%2f..%2f..%2fetc%2fpasswd", "/files//etc/passwd",
        "/files/uploads/resized/a.jpg/", "/files/uploads/resized/a.jpg%00", "/files/%ff",
        "/files/temporary/x"}) {
    const auto response = server_.exchange(request_text("GET", other));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 404) << other;
    EXPECT_EQ(response->problem_code(), "unknown_file") << other;
  }
}

}  // namespace
}  // namespace darkroom::http
