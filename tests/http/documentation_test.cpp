#include <regex>
#include <span>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/content_digest.hpp"
#include "persistence/sha256.hpp"
#include "tests/http/test_server.hpp"

// GET /openapi.json and GET /docs.

namespace darkroom::http {
namespace {

using testing::HasSubstr;
using testing::Not;

class Documentation : public testing::Test {
 protected:
  [[nodiscard]] RawResponse get(const std::string& path, std::string_view lines = "") const {
    return server_.exchange(request_text("GET", path, lines)).value_or(RawResponse{});
  }

  TestServer server_;
};

TEST_F(Documentation, IsServedForPrograms) {
  const auto answer = get("/openapi.json");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("content-type"), "application/json");
  EXPECT_EQ(answer.member("openapi"), "3.1.0");
  EXPECT_THAT(answer.body, HasSubstr(R"("servers":[{"url":"http://localhost"}])"));
  EXPECT_THAT(answer.body, HasSubstr("curl -i -F file=@photo.jpg 'http://localhost/v1/jobs'"));
  EXPECT_THAT(answer.body, Not(HasSubstr("{base_url}")));
}

TEST_F(Documentation, NamesTheAddressThatTheClientUses) {
  const auto answer = server_.exchange("GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1:81\r\n\r\n");
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->body, HasSubstr(R"("servers":[{"url":"http://127.0.0.1:81"}])"));
  EXPECT_NE(answer->field("etag"), get("/openapi.json").field("etag"));
  const auto nameless = server_.exchange("GET /docs HTTP/1.0\r\n\r\n");
  ASSERT_TRUE(nameless);
  EXPECT_THAT(nameless->body, HasSubstr("<code>http://localhost</code>"));
}

TEST_F(Documentation, IsNotSentAgainToWhoHasIt) {
  for (const std::string path : {"/openapi.json", "/docs"}) {
    const auto first = get(path);
    EXPECT_EQ(first.field("cache-control"), "public, max-age=60");
    const auto again = get(path, "If-None-Match: " + first.field("etag") + "\r\n");
    EXPECT_EQ(again.status, 304) << path;
    EXPECT_EQ(again.field("etag"), first.field("etag"));
    EXPECT_EQ(again.body, "");
    EXPECT_EQ(get(path, "If-Match: \"other\"\r\n").problem_code(), "precondition_failed");
  }
}

TEST_F(Documentation, AnswersHead) {
  const auto head = server_.exchange(request_text("HEAD", "/openapi.json"));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->field("content-length"), std::to_string(get("/openapi.json").body.size()));
  EXPECT_EQ(head->field("accept-ranges"), "none");
}

TEST_F(Documentation, HasAPageWithEveryRoute) {
  const auto page = get("/docs");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.field("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.field("x-content-type-options"), "nosniff");
  EXPECT_THAT(page.body, HasSubstr("<a href=\"openapi.json\">openapi.json</a>"));
  EXPECT_THAT(page.body,
              HasSubstr("curl -i -F file=@photo.jpg &#39;http://localhost/v1/jobs&#39;"));
  const auto api = api_with_dialects("django, upload, fastapi");
  for (const auto& operation : api->operations()) {
    EXPECT_THAT(page.body,
                HasSubstr(operation.method + "</span> <code>" + operation.path + "</code></h3>"));
  }
}

TEST_F(Documentation, HasAPageWithoutDeadLinks) {
  const auto page = get("/docs").body;
  const std::regex link{"href=\"#([^\"]*)\""};
  for (std::sregex_iterator at{page.begin(), page.end(), link}, end; at != end; ++at)
    EXPECT_THAT(page, HasSubstr("id=\"" + (*at)[1].str() + "\""));
}

TEST_F(Documentation, HasAPageThatTakesNothingFromElsewhere) {
  const auto page = get("/docs");
  for (const auto* part : {"<script", "<link", "<img", "<iframe", " style=", "@import", "url(",
                           " on"
                           "click="}) {
    EXPECT_THAT(page.body, Not(HasSubstr(part)));
  }
  const auto begin = page.body.find("<style>") + 7;
  const auto style = std::string_view{page.body}.substr(begin, page.body.find("</style>") - begin);
  EXPECT_GT(style.size(), 100U);
  persistence::Sha256 hash;
  hash.update(std::as_bytes(std::span{style}));
  const std::string digest = persistence::content_digest(hash.finish()).substr(9);
  EXPECT_EQ(page.field("content-security-policy"),
            "default-src 'none'; style-src 'sha256-" + digest.substr(0, digest.size() - 1) +
                "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
}

TEST_F(Documentation, IsNamedInTheIndex) {
  EXPECT_THAT(get("/").body, HasSubstr(R"("openapi":"GET /openapi.json","docs":"GET /docs")"));
}

TEST(DocumentationOfOthers, BeginsWithThePublicAddress) {
  Options options;
  options.public_url = "https://pictures.example";
  TestServer server{options};
  const auto answer = server.exchange(request_text("GET", "/openapi.json"));
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->body, HasSubstr(R"("servers":[{"url":"https://pictures.example"}])"));
}

TEST(DocumentationOfOthers, LeavesOutDialectsThatAreOff) {
  Options options;
  options.dialects = "upload";
  TestServer server{options};
  for (const auto* path : {"/openapi.json", "/docs"}) {
    const auto answer = server.exchange(request_text("GET", path));
    ASSERT_TRUE(answer);
    EXPECT_THAT(answer->body, HasSubstr("Upload dialect"));
    EXPECT_THAT(answer->body, Not(HasSubstr("Django dialect")));
  }
}

TEST(DocumentationOfOthers, DoesNotTrustTheNameItIsCalledBy) {
  Options options;
  options.allowed_hosts = "*";
  TestServer server{options};
  for (const auto* name : {"a\"><b", "a'b", "a$(b)"}) {
    for (const auto* path : {"/docs", "/openapi.json"}) {
      const auto answer =
          server.exchange("GET " + std::string{path} + " HTTP/1.1\r\nHost: " + name + "\r\n\r\n");
      ASSERT_TRUE(answer);
      EXPECT_THAT(answer->body, Not(HasSubstr(std::string{"http://"} + name)));
    }
  }
}

}  // namespace
}  // namespace darkroom::http
