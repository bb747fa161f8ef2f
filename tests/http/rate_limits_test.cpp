#include <gtest/gtest.h>

#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

Options with_limits(std::uint64_t requests, std::uint64_t uploads) {
  Options options;
  options.rates = {.requests = requests, .uploads = uploads, .window = std::chrono::hours{1}};
  return options;
}

RawResponse get(const TestServer& server, std::string_view path,
                std::string_view header_lines = "") {
  return server.exchange(request_text("GET", path, header_lines)).value();
}

TEST(RateLimits, AreOffByDefault) {
  TestServer server;
  const auto response = get(server, "/");
  EXPECT_EQ(response.field("ratelimit"), "");
  EXPECT_EQ(response.field("ratelimit-policy"), "");
}

TEST(RateLimits, AreToldWithEveryAnswer) {
  TestServer server{with_limits(10, 3)};
  const auto first = get(server, "/");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.field("ratelimit-policy"), "\"requests\";q=10;w=3600, \"uploads\";q=3;w=3600");
  EXPECT_EQ(first.field("ratelimit"), "\"requests\";r=9;t=360");
  EXPECT_EQ(get(server, "/nowhere").field("ratelimit"), "\"requests\";r=8;t=720");
  const auto upload = server.exchange(form_request(file_part(pnm_picture(4, 3))));
  EXPECT_EQ(upload->status, 201);
  EXPECT_EQ(upload->field("ratelimit"), "\"requests\";r=7;t=1080, \"uploads\";r=2;t=1200");
}

TEST(RateLimits, RefuseWhatIsAboveThem) {
  TestServer server{with_limits(2, 0)};
  EXPECT_EQ(get(server, "/").status, 200);
  EXPECT_EQ(get(server, "/").status, 200);
  const auto refused = get(server, "/");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.problem_code(), "rate_limited");
  EXPECT_EQ(refused.member("retryable"), "true");
  EXPECT_EQ(refused.field("retry-after"), "1800");
  EXPECT_EQ(refused.field("ratelimit"), "\"requests\";r=0;t=3600");
}

TEST(RateLimits, RefuseAnUploadBeforeItsBody) {
  TestServer server{with_limits(0, 1)};
  const std::string request = form_request(file_part(pnm_picture(4, 3)));
  EXPECT_EQ(server.exchange(request)->status, 201);
  RawClient client{server.port()};
  client.send(request.substr(0, request.find("\r\n\r\n") + 4));
  const auto refused = client.receive();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 429);
  EXPECT_EQ(refused->field("ratelimit"), "\"uploads\";r=0;t=3600");
  EXPECT_EQ(refused->field("connection"), "close");
  // Other requests go on.
  EXPECT_EQ(get(server, "/").status, 200);
  EXPECT_EQ(get(server, "/").field("ratelimit-policy"), "\"uploads\";q=1;w=3600");
}

TEST(RateLimits, NeverMeetWhoWatchesTheService) {
  TestServer server{with_limits(1, 0)};
  EXPECT_EQ(get(server, "/").status, 200);
  EXPECT_EQ(get(server, "/").status, 429);
  for (const char* path : {"/healthz", "/readyz", "/metrics"}) {
    const auto response = get(server, path);
    EXPECT_NE(response.status, 429) << path;
    EXPECT_EQ(response.field("ratelimit"), "") << path;
  }
}

TEST(RateLimits, AreOfEachAddress) {
  TestServer server{with_limits(1, 0)};
  for (const char* source : {"127.0.0.2", "127.0.0.3"}) {
    RawClient client{server.port(), source};
    client.send(request_text("GET", "/"));
    EXPECT_EQ(client.receive()->status, 200);
    client.send(request_text("GET", "/"));
    EXPECT_EQ(client.receive()->status, 429);
  }
}

// Those of keys that the service has: access_test.cpp.
TEST(RateLimits, AreNotEscapedByMakingUpKeys) {
  TestServer server{with_limits(1, 0)};
  EXPECT_EQ(get(server, "/", "Authorization: Bearer one\r\n").status, 200);
  EXPECT_EQ(get(server, "/", "X-API-Key: two\r\n").status, 429);
  EXPECT_EQ(get(server, "/v1/jobs/x", "X-API-Key: three\r\n").status, 429);
}

TEST(RateLimits, SeeTheClientBehindATrustedProxy) {
  auto options = with_limits(1, 0);
  options.trusted_proxies = "127.0.0.2";
  TestServer server{options};
  const auto from = [&](const std::string& peer, std::string_view client) {
    RawClient connection{server.port(), peer};
    connection.send(request_text("GET", "/", "X-Forwarded-For: " + std::string{client} + "\r\n"));
    return connection.receive().value().status;
  };
  EXPECT_EQ(from("127.0.0.2", "203.0.113.1"), 200);
  EXPECT_EQ(from("127.0.0.2", "203.0.113.1"), 429);
  EXPECT_EQ(from("127.0.0.2", "203.0.113.2"), 200);
  EXPECT_EQ(from("127.0.0.2", "2001:db8::1"), 200);
  EXPECT_EQ(from("127.0.0.2", "2001:db8::2"), 429);  // The same /64.
  // Nobody else can put on another address.
  EXPECT_EQ(from("127.0.0.3", "203.0.113.3"), 200);
  EXPECT_EQ(from("127.0.0.3", "203.0.113.4"), 429);
}

}  // namespace
}  // namespace darkroom::http
