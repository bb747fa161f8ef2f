#include "http/cross_origins.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/job_with_files.hpp"
#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

// Web pages of other origins (CORS): which may use the service, and how a browser hears of it.

namespace darkroom::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string fault_of(std::string_view list) {
  const auto origins = CrossOrigins::parse(list);
  return origins ? "none" : origins.error();
}

TEST(CrossOrigins, AreListedAsBrowsersSendThem) {
  const auto origins =
      CrossOrigins::parse("https://app.example , http://localhost:3000,http://[::1]:8080");
  ASSERT_TRUE(origins) << origins.error();
  EXPECT_FALSE(origins->none());
  EXPECT_TRUE(origins->allow("https://app.example"));
  EXPECT_TRUE(origins->allow("http://localhost:3000"));
  EXPECT_TRUE(origins->allow("http://[::1]:8080"));
  for (const auto* other :
       {"http://app.example", "https://app.example:8443", "https://app.example.evil.example",
        "https://evil-app.example", "https://App.example", "null", "", "*"}) {
    EXPECT_FALSE(origins->allow(other)) << other;
  }
}

TEST(CrossOrigins, AreNoneByDefaultAndAllByAStar) {
  EXPECT_TRUE(CrossOrigins::parse("")->none());
  EXPECT_FALSE(CrossOrigins::parse("")->allow("https://app.example"));
  EXPECT_TRUE(CrossOrigins::parse(" * ")->any());
  EXPECT_TRUE(CrossOrigins::parse("*")->allow("null"));
}

TEST(CrossOrigins, ThatAreWrittenOtherwiseAreRefusedWithTheRightForm) {
  for (const auto& [wrong, right] : {std::pair{"app.example", "https://app.example"},
                                     {"https://app.example/", "https://app.example"},
                                     {"HTTPS://App.Example", "https://app.example"},
                                     {"https://app.example:443", "https://app.example"},
                                     {"http://app.example:80/index.html?a=b", "http://app.example"},
                                     {"localhost:3000", "https://localhost:3000"},
                                     {"https://user@app.example", "https://app.example"}}) {
    EXPECT_EQ(fault_of(wrong), std::string{"\""} + wrong +
                                   "\" is no origin as browsers send it; write \"" + right + "\"");
  }
}

TEST(CrossOrigins, ThatCannotBeMeantAreRefused) {
  EXPECT_THAT(fault_of("https://*.example"), HasSubstr("name each origin in full"));
  EXPECT_THAT(fault_of("*, https://app.example"), HasSubstr("write it alone"));
  for (const auto* wrong :
       {"https://a.example,", "ftp://a.example", "file:///x", "a b.example", "https://a.example:0",
        "https://a.example:99999", "https://[::1", "://"})
    EXPECT_THAT(fault_of(wrong), HasSubstr("is no origin as browsers send it")) << wrong;
}

Options for_pages(std::string origins) {
  Options options;
  options.cors_origins = std::move(origins);
  return options;
}

constexpr std::string_view page = "Origin: https://app.example\r\n";

RawResponse send(const TestServer& server, std::string_view method, std::string_view target,
                 const std::string& lines) {
  return server.exchange(request_text(method, target, lines)).value_or(RawResponse{});
}

// What Chromium sends of fetch("http://127.0.0.1/v1/jobs", {method: "POST", headers: {"X-API-Key":
// ..., "Idempotency-Key": ...}, body: form}) in a page of https://app.example.
constexpr std::string_view chromium_fields =
    "Origin: https://app.example\r\nReferer: https://app.example/\r\nSec-Fetch-Mode: cors\r\n"
    "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: empty\r\nAccept: */*\r\n";

TEST(CrossOriginPages, UploadAsChromiumDoes) {
  TestServer server{for_pages("https://app.example")};
  const auto preflight = send(server, "OPTIONS", "/v1/jobs",
                              std::string{chromium_fields} +
                                  "Access-Control-Request-Method: POST\r\n"
                                  "Access-Control-Request-Headers: idempotency-key,x-api-key\r\n");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.body, "");
  EXPECT_EQ(preflight.field("access-control-allow-origin"), "https://app.example");
  EXPECT_THAT(preflight.field("access-control-allow-methods"), HasSubstr("POST"));
  EXPECT_THAT(preflight.field("access-control-allow-headers"),
              AllOf(HasSubstr("X-API-Key"), HasSubstr("Idempotency-Key"),
                    HasSubstr("Authorization"), HasSubstr("Content-Type")));
  EXPECT_EQ(preflight.field("access-control-max-age"), "7200");
  EXPECT_EQ(preflight.field("access-control-allow-credentials"), "");
  EXPECT_EQ(preflight.field("vary"), "Origin");

  auto upload = form_request(file_part(pnm_picture(4, 3)));
  upload.insert(upload.find("\r\n") + 2, chromium_fields);
  const auto created = server.exchange(upload);
  ASSERT_TRUE(created);
  EXPECT_EQ(created->status, 201) << created->body;
  EXPECT_EQ(created->field("access-control-allow-origin"), "https://app.example");
  EXPECT_THAT(created->field("access-control-expose-headers"),
              AllOf(HasSubstr("Location"), HasSubstr("X-Request-Id"), HasSubstr("Retry-After"),
                    HasSubstr("RateLimit-Policy"), HasSubstr("Content-Range")));
  EXPECT_EQ(created->field("vary"), "Origin");
}

TEST(CrossOriginPages, ReadErrorsToo) {
  auto options = for_pages("https://app.example");
  options.rates = {.requests = 3, .uploads = 0, .window = std::chrono::hours{1}};
  TestServer server{options};
  const auto expect_readable = [&](const RawResponse& response, int status) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.field("access-control-allow-origin"), "https://app.example");
    EXPECT_EQ(response.field("vary"), "Origin");
  };
  const std::string origin{page};
  expect_readable(send(server, "GET", "/nowhere", origin), 404);
  expect_readable(send(server, "DELETE", "/", origin), 405);
  static_cast<void>(server.jobs().make_key(persistence::KeyScope::write));
  expect_readable(send(server, "GET", "/v1/jobs", origin), 401);
  expect_readable(send(server, "GET", "/v1/jobs", origin), 429);
  // The question whether it may ask counts for nothing.
  expect_readable(
      send(server, "OPTIONS", "/v1/jobs", origin + "Access-Control-Request-Method: GET\r\n"), 204);
}

TEST(CrossOriginPages, FollowEvents) {
  TestServer server{for_pages("https://app.example")};
  const auto job = make_job_with_file(server, "abc");
  RawClient client{server.port()};
  client.send(request_text("GET", "/v1/jobs/" + job.id.to_string() + "/events", page));
  const auto head = client.receive(true);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->field("content-type"), "text/event-stream");
  EXPECT_EQ(head->field("access-control-allow-origin"), "https://app.example");
  EXPECT_EQ(head->field("vary"), "Origin");
}

TEST(CrossOriginPages, ThatAreNotListedGetNothing) {
  TestServer server{for_pages("https://app.example")};
  const std::string other = "Origin: https://evil.example\r\n";
  const auto preflight =
      send(server, "OPTIONS", "/v1/jobs", other + "Access-Control-Request-Method: POST\r\n");
  const auto read = send(server, "GET", "/healthz", other);
  const auto write = send(server, "DELETE", "/v1/jobs", other);
  for (const auto& response : {preflight, read, write}) {
    for (const auto& [name, value] : response.fields)
      EXPECT_THAT(name, Not(HasSubstr("access-control"))) << value;
  }
  EXPECT_EQ(preflight.field("vary"), "Origin");
  EXPECT_EQ(read.field("vary"), "Origin");
  EXPECT_EQ(write.problem_code(), "cross_site");
}

TEST(CrossOriginPages, OfAnyOriginByAStar) {
  TestServer server{for_pages("*")};
  const auto response = send(server, "GET", "/nowhere", "Origin: https://whoever.example\r\n");
  EXPECT_EQ(response.field("access-control-allow-origin"), "*");
  EXPECT_EQ(response.field("access-control-allow-credentials"), "");
  EXPECT_EQ(response.field("vary"), "") << "it is the same for all";
  EXPECT_EQ(send(server, "DELETE", "/v1/jobs/x", "Origin: https://whoever.example\r\n").status,
            404);
}

TEST(CrossOriginPages, AreNotSpokenOfByDefault) {
  TestServer server;
  const auto response = send(server, "GET", "/healthz", std::string{page});
  EXPECT_EQ(response.field("access-control-allow-origin"), "");
  EXPECT_EQ(response.field("vary"), "");
  const auto preflight = send(server, "OPTIONS", "/v1/jobs",
                              std::string{page} + "Access-Control-Request-Method: POST\r\n");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.field("access-control-allow-methods"), "");
  EXPECT_EQ(send(server, "DELETE", "/v1/jobs", std::string{page}).problem_code(), "cross_site");
}

}  // namespace
}  // namespace darkroom::http
