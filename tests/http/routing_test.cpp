#include <gtest/gtest.h>

#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

TEST(Routing, RefusesOtherMethodsAndNamesTheRightOnes) {
  TestServer server;
  const std::vector<std::tuple<std::string, std::string, std::string>> cases{
      {"PUT", "/v1/jobs", "POST, GET, HEAD, DELETE, OPTIONS"},
      {"PUT", "/v1/jobs/retry", "POST, GET, HEAD, DELETE, OPTIONS"},
      {"POST", "/v1/jobs/42", "GET, HEAD, DELETE, OPTIONS"},
      {"GET", "/v1/jobs/42/cancel", "POST, OPTIONS"},
      {"DELETE", "/v1/jobs/42/retry", "POST, OPTIONS"},
      {"DELETE", "/files/uploads/a/b", "GET, HEAD, OPTIONS"},
      {"POST", "/v1/jobs/42/files/original", "GET, HEAD, OPTIONS"},
      {"TRACE", "/healthz", "GET, HEAD, OPTIONS"},
      {"PATCH", "/", "GET, HEAD, OPTIONS"}};
  for (const auto& [method, path, allow] : cases) {
    const auto response = server.exchange(request_text(method, path));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 405) << method << path;
    EXPECT_EQ(response->problem_code(), "method_not_allowed");
    EXPECT_EQ(response->field("allow"), allow);
  }
}

TEST(Routing, AnswersOptions) {
  TestServer server;
  const auto response = server.exchange(request_text("OPTIONS", "/v1/jobs"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 204);
  EXPECT_EQ(response->field("allow"), "POST, GET, HEAD, DELETE, OPTIONS");
  EXPECT_EQ(response->body, "");
}

TEST(Routing, KnowsNoOtherPaths) {
  TestServer server;
  for (const auto* path : {"/nothing",
                           "//",
                           "//v1/jobs",
                           "/v1/jobs/",
                           "/v1//jobs",
                           "/v1/jobs/a/b",
                           "/v1/jobs//cancel",
                           "/v1/jobs/a/cancel/",
                           "/v1/jobs/a/b/cancel",
                           "/v1/jobs/a/files",
                           "/v1/jobs/a/files/",
                           "/v1/jobs//files/b",
                           "/v1/jobs/a/files/b/",
                           "/v1/jobs/a/files/b/c",
                           "/v1/jobs/a/files/b%2fc",
                           "/v1/jobs/files/b",
                           "/v1/jobs/a/cance",
                           "/..",
                           "/../v1/jobs",
                           "/%2e%2e/",
                           "/v1/jobs%00",
                           "/%",
                           "/%zz",
                           "/%ff",
                           "/V1/jobs",
                           "/files",
                           "/files/",
                           "/problems/",
                           "/problems/none"}) {
    const auto response = server.exchange(request_text("GET", path));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 404) << path;
    EXPECT_EQ(response->problem_code(), "unknown_route") << path;
  }
}

TEST(Routing, SurvivesLongPaths) {
  TestServer server;
  for (const auto* method : {"GET", "POST", "DELETE", "PUT"}) {
    const auto response =
        server.exchange(request_text(method, "/v1/jobs" + std::string(8'000, 'a')));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 404);
  }
}

TEST(Routing, FindsAPathInAnySpelling) {
  TestServer server;
  for (const auto* target :
       {"/healthz", "/%68ealthz", "http://localhost/healthz", "/healthz?a?b"}) {
    const auto response = server.exchange(request_text("GET", target));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200) << target;
  }
}

TEST(Routing, HasAnIndex) {
  TestServer server;
  const auto response = server.exchange(request_text("GET", "/"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->member("service"), "darkroom");
  EXPECT_NE(response->body.find("POST /v1/jobs"), std::string::npos);
}

TEST(Routing, ExplainsTheTypeOfEachProblem) {
  TestServer server;
  const auto refused = server.exchange(request_text("GET", "/nothing"));
  ASSERT_TRUE(refused);
  const auto explained = server.exchange(request_text("GET", refused->member("type")));
  ASSERT_TRUE(explained);
  EXPECT_EQ(explained->status, 200);
  EXPECT_EQ(explained->field("content-type"), "text/plain; charset=utf-8");
  EXPECT_TRUE(explained->body.starts_with("unknown_route: No such route\nHTTP status 404\n"));
}

}  // namespace
}  // namespace darkroom::http
