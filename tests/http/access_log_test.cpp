#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/log_pair.hpp"
#include "tests/http/job_with_files.hpp"
#include "tests/http/test_certificate.hpp"
#include "tests/http/test_server.hpp"
#include "tests/tunnel/log_capture.hpp"

namespace darkroom::http {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using tunnel::tests::LogCapture;

Options logging(Options options = {}) {
  options.access_log = true;
  return options;
}

TEST(AccessLog, IsOffByDefault) {
  TestServer server;
  const LogCapture log;
  ASSERT_TRUE(server.exchange(request_text("GET", "/healthz")));
  EXPECT_EQ(log.text(), "");
}

TEST(AccessLog, HasALineForEachRequest) {
  TestServer server{logging()};
  const LogCapture log;
  RawClient client{server.port()};
  client.send(request_text("GET", "/healthz", "X-Request-Id: r-1\r\n") +
              request_text("PUT", "/a%20%22b", "X-Request-Id: r-2\r\n"));
  ASSERT_TRUE(client.receive());
  ASSERT_TRUE(client.receive());
  ASSERT_TRUE(log.wait_for("request=r-2"));
  EXPECT_THAT(log.text(),
              StartsWith("info: request answered method=GET path=/healthz status=200 bytes="));
  EXPECT_THAT(log.text(),
              AllOf(ContainsRegex("bytes=[0-9]+ ms=[0-9]+ client=127.0.0.1 request=r-1 trace=[0-9a"
                                  "-f]+\ninfo: request answered method=PUT path=/a%20%22b "),
                    HasSubstr("status=404")));
}

TEST(AccessLog, CountsTheBytesOfTheAnswer) {
  TestServer server{logging()};
  const auto job = make_job_with_file(server, std::string(100'000, 'x'));
  const LogCapture log;
  RawClient client{server.port()};
  client.send(request_text("HEAD", "/files/" + job.original.blob_key, "X-Request-Id: head\r\n") +
              request_text("GET", "/files/" + job.original.blob_key, "X-Request-Id: get\r\n"));
  ASSERT_TRUE(client.receive(true));
  ASSERT_TRUE(client.receive());
  ASSERT_TRUE(log.wait_for("request=get"));
  EXPECT_THAT(log.text(), ContainsRegex("bytes=[0-9]{3} ms=[0-9]+ client=127.0.0.1 request=head"));
  EXPECT_THAT(log.text(),
              ContainsRegex("bytes=100[0-9]{3} ms=[0-9]+ client=127.0.0.1 request=get"));
}

TEST(AccessLog, NamesTheKeyAndTellsNoSecret) {
  TestServer server{logging()};
  const auto secret = server.jobs().make_key(persistence::KeyScope::read);
  const LogCapture log;
  ASSERT_TRUE(server.exchange(request_text("GET", "/v1/jobs?limit=1&api_key=hush&signature=abc",
                                           "X-API-Key: " + secret + "\r\n")));
  ASSERT_TRUE(log.wait_for("request="));
  EXPECT_THAT(log.text(),
              AllOf(HasSubstr(" path=/v1/jobs status="),
                    // Stands in quotes where it has digits only, which one key of 280 has.
                    HasSubstr(jobs::log_pair("key", secret.substr(3, 12)) + " "),
                    Not(HasSubstr(secret)), Not(HasSubstr("hush")), Not(HasSubstr("signature"))));
}

TEST(AccessLog, KnowsTheClientOfAProxy) {
  Options options;
  options.trusted_proxies = "127.0.0.1";
  TestServer server{logging(options)};
  const LogCapture log;
  ASSERT_TRUE(server.exchange(request_text("GET", "/healthz", "X-Forwarded-For: 203.0.113.9\r\n")));
  EXPECT_TRUE(log.wait_for(" client=203.0.113.9 "));
}

TEST(AccessLog, HasRequestsThatCouldNotBeReadToo) {
  TestServer server{logging()};
  const LogCapture log;
  ASSERT_TRUE(server.exchange("garbage\r\n\r\n"));
  EXPECT_TRUE(log.wait_for("info: request answered method=- path=- status=400 "));
  ASSERT_TRUE(server.exchange("GET /healthz?x HTTP/1.1\r\nHost: evil.example\r\n\r\n"));
  EXPECT_TRUE(log.wait_for("info: request answered method=GET path=/healthz status=421 "));
}

TEST(AccessLog, HasStreamsWhenTheyEnd) {
  TestServer server{logging()};
  const auto job = make_job_with_file(server, "abc");
  const LogCapture log;
  RawClient client{server.port()};
  client.send(request_text("GET", "/v1/jobs/" + job.id.to_string() + "/events"));
  ASSERT_TRUE(client.receive(true));
  EXPECT_THAT(log.text(), Not(HasSubstr("request answered")));
  complete_with_files(server, job.id);
  EXPECT_TRUE(log.wait_for("info: request answered method=GET path=/v1/jobs/" + job.id.to_string() +
                           "/events status=200 "));
}

}  // namespace
}  // namespace darkroom::http
