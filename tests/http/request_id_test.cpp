#include "http/request_id.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/job_with_files.hpp"
#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"
#include "tests/tunnel/log_capture.hpp"

namespace darkroom::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;
using tunnel::tests::LogCapture;

constexpr const char* made_here = "[0-9a-f]{32}";
constexpr const char* trace_line =
    "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n";

std::string id_for(const TestServer& server, const std::string& lines) {
  return server.exchange(request_text("GET", "/healthz", lines))
      .value_or(RawResponse{})
      .field("x-request-id");
}

TEST(RequestId, IsTheClientsWhereThatIsSafe) {
  TestServer server;
  for (const std::string& id :
       {std::string{"a"}, std::string{"Az09-_.:/+=@~"}, std::string(128, 'x')})
    EXPECT_EQ(id_for(server, "X-Request-Id: " + id + "\r\n"), id);
}

TEST(RequestId, IsNewWhereTheClientsIsNone) {
  TestServer server;
  EXPECT_THAT(id_for(server, ""), MatchesRegex(made_here));
  for (const std::string& id :
       {std::string{}, std::string(129, 'x'), std::string{"a b"}, std::string{"a\"b"},
        std::string{"a\tb"}, std::string{"gr\xC3\xBC\xC3\x9F"}, std::string{"<script>"}}) {
    EXPECT_THAT(id_for(server, "X-Request-Id: " + id + "\r\n"), MatchesRegex(made_here)) << id;
  }
  EXPECT_THAT(id_for(server, "X-Request-Id: a\r\nX-Request-Id: b\r\n"), MatchesRegex(made_here));
  EXPECT_NE(id_for(server, ""), id_for(server, ""));
}

TEST(RequestId, IsInEveryAnswer) {
  TestServer server;
  const std::string line = "X-Request-Id: r-1\r\n";
  const auto expect_it = [&](std::string_view request) {
    const auto response = server.exchange(request);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->field("x-request-id"), "r-1") << request;
    if (!response->problem_code().empty()) {
      EXPECT_EQ(response->member("request_id"), "r-1");
    }
  };
  expect_it(request_text("GET", "/", line));
  expect_it(request_text("GET", "/nowhere", line));
  expect_it(request_text("PUT", "/", line));
  expect_it(request_text("OPTIONS", "/v1/jobs", line));
  expect_it(request_text("DELETE", "/v1/jobs", line + "Origin: https://evil.example\r\n"));
  expect_it(request_text("POST", "/v1/jobs", line + "Content-Type: text/plain\r\n", "x"));
  const auto job = make_job_with_file(server, "abc");
  RawClient follower{server.port()};
  follower.send(request_text("GET", "/v1/jobs/" + job.id.to_string() + "/events", line));
  EXPECT_EQ(follower.receive(true)->field("x-request-id"), "r-1");
}

TEST(RequestId, IsMadeForRequestsThatCannotBeRead) {
  Options options;
  options.read_timeout = std::chrono::milliseconds{100};
  TestServer server{options};
  for (const auto* request : {"garbage\r\n\r\n", "GET / HTTP/1.1\r\nX-Request-Id: r-1\r\n"}) {
    const auto response = server.exchange(request);
    ASSERT_TRUE(response);
    EXPECT_THAT(response->status, testing::AnyOf(400, 408));
    EXPECT_THAT(response->field("x-request-id"), MatchesRegex(made_here));
    EXPECT_EQ(response->member("request_id"), response->field("x-request-id"));
  }
}

std::string upload_with(const std::string& lines) {
  auto request = form_request(file_part(pnm_picture(4, 3)));
  return request.insert(request.find("\r\n") + 2, lines);
}

TEST(RequestId, GoesWithTheJob) {
  TestServer server;
  const auto created =
      server.exchange(upload_with(std::string{"X-Request-Id: r-1\r\n"} + trace_line));
  ASSERT_TRUE(created);
  ASSERT_EQ(created->status, 201);
  EXPECT_EQ(created->member("request_id"), "r-1");
  const auto job = server.jobs().last_upload();
  EXPECT_EQ(job.request_id, "r-1");
  EXPECT_THAT(job.trace_parent, AllOf(StartsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-"),
                                      Not(HasSubstr("00f067aa0ba902b7"))));
}

// One line of the log for each, on one connection and with the ids of no other.
TEST(RequestId, IsThatOfItsRequestInTheLog) {
  TestServer server;
  const LogCapture log;
  RawClient client{server.port()};
  client.send(upload_with(std::string{"X-Request-Id: first\r\n"} + trace_line) +
              upload_with("X-Request-Id: 12345\r\n"));
  ASSERT_EQ(client.receive()->status, 201);
  const auto second = client.receive();
  ASSERT_EQ(second->status, 201);
  std::istringstream lines{log.text()};
  std::string one;
  std::string two;
  ASSERT_TRUE(std::getline(lines, one) && std::getline(lines, two));
  EXPECT_THAT(one, HasSubstr(" request=first trace=4bf92f3577b34da6a3ce929d0e0e4736"));
  EXPECT_THAT(two, AllOf(HasSubstr(" request=\"12345\" trace="), Not(HasSubstr("first")),
                         Not(HasSubstr("4bf92f"))));
  EXPECT_THAT(two, HasSubstr("job=" + second->member("id")));
}

}  // namespace
}  // namespace darkroom::http
