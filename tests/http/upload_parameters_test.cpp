#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

// `queue`, `priority`, `expires_in`, `reuse`, `metadata`, `not_before` and `callback_url`, and
// whose job it is. What durations and queues there are is tested with their readers, in
// tests/nodes/.

namespace darkroom::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

tl::expected<std::chrono::milliseconds, std::string> read_lifetime(std::string_view text) {
  if (text == "1h" || text == "60m") return 1h;
  return tl::unexpected{"expires_in must be 1h, not " + std::string{text} + "."};
}

tl::expected<QueueChoice, std::string> read_queue(std::string_view text) {
  if (text == "default") return QueueChoice{"default"};
  if (text == "night") return QueueChoice{"night", jobs::Priority::low};
  return tl::unexpected{"There is no queue " + std::string{text} + "."};
}

tl::expected<std::string, std::string> read_callback(std::string_view text) {
  if (text.starts_with("https://")) return std::string{text};
  return tl::unexpected{"callback_url must be https, not " + std::string{text} + "."};
}

std::string field(const std::string& name, std::string_view value) {
  return form_part("name=\"" + name + "\"", value);
}

class UploadParametersTest : public testing::Test {
 protected:
  void expect_made(const std::string& request) {
    const auto response = server_.exchange(request);
    ASSERT_TRUE(response);
    ASSERT_EQ(response->status, 201) << response->body;
  }

  void expect_refused(const std::string& request, int status, const std::string& code,
                      const std::string& detail) {
    const auto response = server_.exchange(request);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, status) << response->body;
    EXPECT_EQ(response->problem_code(), code);
    EXPECT_THAT(response->member("detail"), HasSubstr(detail));
    EXPECT_EQ(server_.stored_files(), 0U);
    EXPECT_EQ(server_.jobs().size(), 0U);
  }

  TestServer server_{[](Services& services) {
    services.read_expires_in = read_lifetime;
    services.read_queue = read_queue;
    services.read_callback_url = read_callback;
    services.max_delay = 48h;
  }};
  std::string file_ = file_part(pnm_picture(4, 3));
};

TEST_F(UploadParametersTest, AreLeftToTheServiceWhereNothingIsSaid) {
  expect_made(form_request(file_));
  const auto upload = server_.jobs().last_upload();
  EXPECT_EQ(upload.queue, "default");
  EXPECT_EQ(upload.priority, jobs::Priority::normal);
  EXPECT_EQ(upload.tenant, "");
  EXPECT_FALSE(upload.expires_in);
  EXPECT_FALSE(upload.idempotency);
  EXPECT_FALSE(upload.reusable);
}

TEST_F(UploadParametersTest, StandInTheQueryOrInTheForm) {
  for (const std::string& request :
       {form_request(file_, "/v1/jobs?queue=night&expires_in=1h&reuse=true"),
        form_request(field("queue", "night") + file_ + field("expires_in", "1h") +
                     field("reuse", "true")),
        form_request(field("queue", "night") + file_ + field("expires_in", "60m"),
                     "/v1/jobs?queue=night&expires_in=1h&reuse=true")}) {
    expect_made(request);
    const auto upload = server_.jobs().last_upload();
    EXPECT_EQ(upload.queue, "night");
    EXPECT_EQ(upload.expires_in, 1h);
    EXPECT_TRUE(upload.reusable);
  }
}

TEST_F(UploadParametersTest, ThePriorityIsTheUploadsOrElseThatOfItsQueue) {
  const auto priority_of = [&](const std::string& request) {
    expect_made(request);
    return server_.jobs().last_upload().priority;
  };
  EXPECT_EQ(priority_of(form_request(file_, "/v1/jobs?queue=night")), jobs::Priority::low);
  EXPECT_EQ(priority_of(form_request(file_, "/v1/jobs?priority=high")), jobs::Priority::high);
  EXPECT_EQ(priority_of(form_request(field("priority", "normal") + file_, "/v1/jobs?queue=night")),
            jobs::Priority::normal);
}

TEST_F(UploadParametersTest, WhoseJobItIsFollowsFromTheKeyAndDoesNotTellIt) {
  const auto tenant_of = [&](const std::string& header) {
    std::string request = form_request(file_);
    request.insert(request.find("\r\n") + 2, header);
    expect_made(request);
    return server_.jobs().last_upload().tenant;
  };
  // The first digits of `printf secret | sha256sum`.
  const std::string secret = "2bb80d537b1da3e3";
  EXPECT_EQ(tenant_of("Authorization: Bearer secret\r\n"), secret);
  EXPECT_EQ(tenant_of("Authorization: bearer  secret \r\n"), secret);
  EXPECT_EQ(tenant_of("X-API-Key: secret\r\n"), secret);
  EXPECT_EQ(tenant_of("Authorization: Basic c2VjcmV0\r\nX-API-Key: secret\r\n"), secret);
  EXPECT_NE(tenant_of("X-API-Key: another\r\n"), secret);
  EXPECT_EQ(tenant_of("Authorization: Bearer \r\n"), "");
  EXPECT_EQ(tenant_of("X-API-Key: \r\n"), "");
}

TEST_F(UploadParametersTest, ShowInTheJob) {
  const auto response = server_.exchange(form_request(file_, "/v1/jobs?queue=night&expires_in=1h"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->member("queue"), "night");
  const auto created = jobs::parse_rfc3339(response->member("created_at"));
  const auto expires = jobs::parse_rfc3339(response->member("expires_at"));
  ASSERT_TRUE(created && expires);
  EXPECT_EQ(*expires - *created, 1h);
}

TEST_F(UploadParametersTest, MetadataComesBackAsItWas) {
  const std::string object = R"({"order": 7.50, "tags": ["a", null], "name": "\u00e4"})";
  const std::string compact = "{\"order\":7.50,\"tags\":[\"a\",null],\"name\":\"\xc3\xa4\"}";
  const auto response = server_.exchange(form_request(file_ + field("metadata", object)));
  ASSERT_TRUE(response);
  ASSERT_EQ(response->status, 201) << response->body;
  EXPECT_THAT(response->body, HasSubstr("\"metadata\":" + compact + ","));
  EXPECT_EQ(server_.jobs().last_upload().metadata, compact);
  const auto without = server_.exchange(form_request(file_));
  ASSERT_TRUE(without);
  EXPECT_THAT(without->body, HasSubstr("\"metadata\":null,"));
}

TEST_F(UploadParametersTest, AJobMayBeForLater) {
  const auto later = jobs::system_now() + 24h;
  const auto response =
      server_.exchange(form_request(file_, "/v1/jobs?not_before=" + jobs::to_rfc3339(later)));
  ASSERT_TRUE(response);
  ASSERT_EQ(response->status, 201) << response->body;
  EXPECT_EQ(response->member("not_before"), jobs::to_rfc3339(later));
  EXPECT_EQ(server_.jobs().last_upload().not_before, later);
  expect_made(form_request(file_ + field("not_before", "2020-01-01")));
  EXPECT_EQ(jobs::to_rfc3339(server_.jobs().last_upload().not_before.value()),
            "2020-01-01T00:00:00.000Z");
}

TEST_F(UploadParametersTest, ACallbackIsReadByTheService) {
  expect_refused(form_request(file_ + field("callback_url", "ftp://receiver.example")), 400,
                 "invalid_parameter", "callback_url must be https");
  expect_made(form_request(file_ + field("callback_url", "https://receiver.example/hook?a=b")));
  EXPECT_EQ(server_.jobs().last_upload().callback_url, "https://receiver.example/hook?a=b");
}

TEST_F(UploadParametersTest, MetadataAndTimesThatMakeNoSenseAreRefused) {
  for (const auto* value : {"", "[]", "x", "{", "{\"a\":[[[[[[[[1]]]]]]]]}"}) {
    expect_refused(form_request(file_ + field("metadata", value)), 400, "invalid_parameter",
                   "'metadata' must be an object of JSON: it ");
  }
  for (const auto* value : {"", "soon", "2026-11-22T08:30"}) {
    expect_refused(form_request(file_ + field("not_before", value)), 400, "invalid_parameter",
                   "'not_before' must be a time");
  }
  expect_refused(
      form_request(file_ + field("not_before", jobs::to_rfc3339(jobs::system_now() + 49h))), 400,
      "invalid_parameter", "'not_before' must be within the next 48 hours");
  expect_refused(
      form_request(file_ + field("metadata", "{\"a\":\"" + std::string(4'096, 'x') + "\"}")), 400,
      "malformed_multipart", "more than 4096 bytes");
}

TEST_F(UploadParametersTest, AreRefusedWhereTheyMakeNoSense) {
  expect_refused(form_request(file_, "/v1/jobs?queue=day"), 422, "unknown_queue",
                 "There is no queue day");
  expect_refused(form_request(file_ + field("queue", "day")), 422, "unknown_queue",
                 "There is no queue day");
  expect_refused(form_request(file_, "/v1/jobs?expires_in=2h"), 400, "invalid_parameter",
                 "expires_in must be 1h");
  expect_refused(form_request(file_ + field("expires_in", "")), 400, "invalid_parameter",
                 "expires_in must be 1h");
  for (const auto* value : {"urgent", "0", "High", ""}) {
    expect_refused(form_request(file_ + field("priority", value)), 400, "invalid_parameter",
                   "'priority' must be high, normal or low, not");
  }
  expect_refused(form_request(file_, "/v1/jobs?reuse=yes"), 400, "invalid_parameter",
                 "'reuse' must be true or false");
}

TEST_F(UploadParametersTest, AreRefusedWhereTheyContradictEachOther) {
  expect_refused(form_request(file_ + field("queue", "default"), "/v1/jobs?queue=night"), 400,
                 "malformed_request", "'queue' is given twice");
  expect_refused(form_request(file_, "/v1/jobs?reuse=true&reuse=false"), 400, "malformed_request",
                 "'reuse' is given twice");
}

TEST_F(UploadParametersTest, InTheQueryAreRefusedBeforeTheBodyIsRead) {
  for (const auto* query : {"queue=day", "expires_in=2h", "reuse=1"}) {
    RawClient client{server_.port()};
    client.send("POST /v1/jobs?" + std::string{query} +
                " HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
                "Content-Length: 100\r\n\r\n");
    const auto refused = client.receive();
    ASSERT_TRUE(refused) << query;
    EXPECT_GE(refused->status, 400) << query;
  }
}

TEST(UploadParametersWithoutReaders, RefuseACallback) {
  TestServer server;
  const auto refused = server.exchange(
      form_request(file_part(pnm_picture(4, 3)) + field("callback_url", "https://a.example")));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 403);
  EXPECT_EQ(refused->problem_code(), "callbacks_disabled");
}

TEST(UploadParametersWithoutReaders, KnowTheDefaultQueueOnly) {
  TestServer server;
  const std::string file = file_part(pnm_picture(4, 3));
  const auto made = server.exchange(form_request(file, "/v1/jobs?queue=default"));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->status, 201);
  const auto refused = server.exchange(form_request(file, "/v1/jobs?queue=night"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->problem_code(), "unknown_queue");
}

}  // namespace
}  // namespace darkroom::http
