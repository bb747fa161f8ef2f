#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/test_server.hpp"

// Uploads that say where their picture is. How their JSON is read is tested with its reader, in
// tests/nodes/.

namespace darkroom::http {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Takes "URL" or "URL|name=value", and no more.
tl::expected<SourceRequest, std::string> read_source(std::string_view text,
                                                     std::span<const std::string> parameters) {
  if (parameters.size() < 6) return tl::unexpected{std::string{"It knows too few parameters."}};
  if (text.starts_with('!')) return tl::unexpected{std::string{"It is wrong."}};
  const auto bar = std::min(text.find('|'), text.size());
  SourceRequest request{std::string{text.substr(0, bar)}, {}};
  if (bar == text.size()) return request;
  const auto rest = text.substr(bar + 1);
  const auto equals = rest.find('=');
  request.parameters.emplace_back(rest.substr(0, equals), rest.substr(equals + 1));
  return request;
}

std::string request_of(const std::string& body, const std::string& target = "/v1/jobs",
                       const std::string& fields = "") {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json; charset=utf-8\r\n"
      "{}Content-Length: {}\r\n\r\n{}",
      target, fields, body.size(), body);
}

class SourceUploadTest : public testing::Test {
 protected:
  void expect_refused(const std::string& request, int status, const std::string& code,
                      const std::string& detail) {
    const auto response = server_.exchange(request);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, status) << response->body;
    EXPECT_EQ(response->problem_code(), code);
    EXPECT_THAT(response->member("detail"), HasSubstr(detail));
    EXPECT_EQ(server_.jobs().size(), 0U);
  }

  persistence::ClientUrlKey key_{persistence::SigningKey{1, 2, 3}};
  TestServer server_{[this](Services& services) {
    services.read_source = read_source;
    services.client_urls = &key_;
  }};
};

TEST_F(SourceUploadTest, MakesAJobWithoutAnOriginal) {
  const auto made = server_.exchange(request_of("https://example.org/a%20b/Photo%201.png?size=9"));
  ASSERT_TRUE(made);
  ASSERT_EQ(made->status, 201) << made->body;
  EXPECT_THAT(made->field("location"), testing::StartsWith("/v1/jobs/"));
  EXPECT_EQ(made->member("source_url"), "https://example.org/a%20b/Photo%201.png?size=9");
  EXPECT_THAT(made->body,
              HasSubstr(R"("original":{"url":null,"filename":"Photo 1.png","content_type":null,)"
                        R"("bytes":null,"sha256":null,"width":null,"height":null,"format":null,)"
                        R"("frames":null,"blurhash":null,"dominant_colour":null})"));
  EXPECT_EQ(server_.stored_files(), 0U);
  const auto upload = server_.jobs().last_upload();
  EXPECT_EQ(upload.source_url, "https://example.org/a%20b/Photo%201.png?size=9");
  EXPECT_EQ(upload.original.blob_key, "");
}

TEST_F(SourceUploadTest, IsCalledByTheLastPartOfItsPath) {
  const auto name_of = [this](const std::string& url) {
    const auto made = server_.exchange(request_of(url));
    EXPECT_EQ(made.value().status, 201) << made->body;
    return server_.jobs().last_upload().original.filename;
  };
  EXPECT_EQ(name_of("http://example.org/a/b.jpg"), "b.jpg");
  EXPECT_EQ(name_of("http://example.org"), "");
  EXPECT_EQ(name_of("http://example.org/a/"), "");
  EXPECT_THAT(name_of("http://example.org/a%2f..%2f%00%0ab.jpg"), Not(HasSubstr("/")));
}

TEST_F(SourceUploadTest, TakesParametersInTheBodyAndInTheQuery) {
  const auto made = server_.exchange(
      request_of("http://example.org/a.jpg|priority=high", "/v1/jobs?preset=small"));
  ASSERT_EQ(made.value().status, 201) << made->body;
  EXPECT_EQ(server_.jobs().last_upload().priority, jobs::Priority::high);
  EXPECT_EQ(server_.jobs().last_upload().preset, "small");
}

TEST_F(SourceUploadTest, RefusesParametersThatAreWrong) {
  const std::string url = "http://example.org/a.jpg";
  expect_refused(request_of(url + "|priority=urgent"), 400, "invalid_parameter", "priority");
  expect_refused(request_of(url + "|preset=nope"), 422, "unknown_preset", "no such preset");
  expect_refused(request_of(url + "|priority=low", "/v1/jobs?priority=high"), 400,
                 "malformed_request", "given twice");
  expect_refused(request_of(url + "|queue=" + std::string(5'000, 'x')), 400, "invalid_parameter",
                 "more than the 4096 bytes");
  expect_refused(request_of("!"), 400, "invalid_parameter", "It is wrong.");
}

TEST_F(SourceUploadTest, RefusesUrlsThatAreNone) {
  expect_refused(request_of("ftp://example.org/a.jpg"), 400, "invalid_parameter",
                 "The 'source_url' does not begin with http:// or https://.");
  expect_refused(request_of("http://me:secret@example.org/a.jpg"), 400, "invalid_parameter",
                 "The 'source_url' has a user name in it, which is not allowed.");
  expect_refused(request_of("http:///a.jpg"), 400, "invalid_parameter", "has no host");
}

TEST_F(SourceUploadTest, RefusesABodyThatIsTooLongBeforeItIsRead) {
  const auto refused = server_.exchange(
      "POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
      "Content-Length: 65537\r\n\r\n");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 413) << refused->body;
  std::string chunked =
      "POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 5; ++i)
    chunked += "4000\r\n" + std::string(0x4000, 'a') + "\r\n";
  const auto cut = server_.exchange(chunked + "0\r\n\r\n");
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->status, 413) << cut->body;
}

TEST_F(SourceUploadTest, SentTwiceIsDoneOnce) {
  const std::string key = "Idempotency-Key: \"a\"\r\n";
  const auto send = [&](const std::string& url) {
    return server_.exchange(request_of(url, "/v1/jobs", key)).value();
  };
  const auto first = send("http://example.org/a.jpg");
  ASSERT_EQ(first.status, 201) << first.body;
  const auto again = send("http://example.org/a.jpg");
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(again.member("id"), first.member("id"));
  EXPECT_EQ(send("http://example.org/b/a.jpg").problem_code(), "idempotency_key_reused");
}

TEST_F(SourceUploadTest, HasNoOriginalToGiveAwayUntilItIsFetched) {
  const auto made = server_.exchange(request_of("http://example.org/a.jpg")).value();
  const auto asked = server_.exchange("GET /v1/jobs/" + made.member("id") +
                                      "/files/original HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->status, 404) << asked->body;
  EXPECT_EQ(asked->problem_code(), "unknown_file");
  EXPECT_EQ(asked->member("detail"), "The original is not fetched from its source_url yet.");
}

TEST_F(SourceUploadTest, IsShownToItsTenantAlone) {
  const auto key_line = [this] {
    return "Authorization: Bearer " + server_.jobs().make_key(persistence::KeyScope::write) +
           "\r\n";
  };
  const auto own = key_line();
  const auto foreign = key_line();
  const auto made =
      server_.exchange(request_of("http://example.org/a.jpg?secret", "/v1/jobs", own)).value();
  ASSERT_EQ(made.status, 201) << made.body;
  const auto get = [this](const std::string& target, const std::string& fields) {
    return server_.exchange(request_text("GET", target, fields)).value();
  };
  const auto job = "/v1/jobs/" + made.member("id");
  EXPECT_EQ(get(job, own).member("source_url"), "http://example.org/a.jpg?secret");
  EXPECT_THAT(get("/v1/jobs", own).body, HasSubstr("a.jpg?secret"));
  EXPECT_EQ(get(job, foreign).status, 404);
  EXPECT_THAT(get(job, foreign).body, Not(HasSubstr("secret")));
  EXPECT_EQ(get("/v1/jobs", foreign).status, 200);
  EXPECT_THAT(get("/v1/jobs", foreign).body, Not(HasSubstr("secret")));
}

TEST(SourceUpload, IsRefusedWhereItIsSwitchedOff) {
  TestServer server;
  const auto refused = server.exchange(request_of("http://example.org/a.jpg"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 403) << refused->body;
  EXPECT_EQ(refused->problem_code(), "source_urls_disabled");
  EXPECT_EQ(server.jobs().size(), 0U);
}

}  // namespace
}  // namespace darkroom::http
