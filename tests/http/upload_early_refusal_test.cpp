#include <gtest/gtest.h>

#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

/// A header that announces a large body, which is not sent: only a server that does not wait for
/// the body can answer.
std::string announcement(std::string_view target, std::string_view header_lines,
                         std::size_t content_length) {
  return "POST " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n" +
         std::string{header_lines} + "Content-Length: " + std::to_string(content_length) +
         "\r\n\r\n";
}

constexpr auto form_type = "Content-Type: multipart/form-data; boundary=frontier\r\n";

void expect_refused_unseen(TestServer& server, const std::string& head, int status,
                           const std::string& code) {
  RawClient client{server.port()};
  client.send(head);
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, status) << response->body;
  EXPECT_EQ(response->problem_code(), code);
  EXPECT_EQ(response->field("connection"), "close");
  client.end_sending();
  EXPECT_TRUE(client.closed());
}

TEST(UploadEarlyRefusal, ByTheLengthAnnounced) {
  TestServer server;
  const std::size_t too_long = (std::size_t{64} << 20U) + (std::size_t{64} << 10U) + 1;
  expect_refused_unseen(server, announcement("/v1/jobs", form_type, too_long), 413,
                        "too_many_bytes");
  expect_refused_unseen(server, announcement("/v1/jobs", "Content-Type: image/png\r\n", too_long),
                        413, "too_many_bytes");
}

TEST(UploadEarlyRefusal, ByTheHeader) {
  TestServer server;
  expect_refused_unseen(server, announcement("/v1/jobs", "Content-Type: text/plain\r\n", 100), 415,
                        "unsupported_media_type");
  expect_refused_unseen(server, announcement("/v1/jobs", "", 100), 415, "unsupported_media_type");
  for (const auto* encoding : {"gzip", "br", "identity, gzip"}) {
    const std::string field = "Content-Encoding: " + std::string{encoding} + "\r\n";
    expect_refused_unseen(server, announcement("/v1/jobs", form_type + field, 100), 415,
                          "unsupported_media_type");
  }
  expect_refused_unseen(server, announcement("/v1/jobs?preset=tiny", form_type, 100), 422,
                        "unknown_preset");
  expect_refused_unseen(server, announcement("/v1/jobx", form_type, 100), 404, "unknown_route");
  expect_refused_unseen(server, announcement("/healthz", form_type, 100), 405,
                        "method_not_allowed");
}

TEST(UploadEarlyRefusal, WhenTheQueueIsFull) {
  TestServer server;
  server.jobs().fail_all(actors::ServiceErrorCode::queue_full, "100000 jobs wait.");
  expect_refused_unseen(server, announcement("/v1/jobs", form_type, 100), 503, "queue_full");
}

TEST(UploadEarlyRefusal, WhileTheDiskIsFullAndNoLonger) {
  TestServer server;
  server.disk().is_full();
  for (const auto* type : {form_type, "Content-Type: image/png\r\n"}) {
    RawClient client{server.port()};
    client.send(announcement("/v1/jobs", std::string{type} + "Expect: 100-continue\r\n", 100));
    const auto refused = client.receive();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 507) << refused->body;
    EXPECT_EQ(refused->problem_code(), "store_full");
    EXPECT_EQ(refused->field("retry-after"), "30");
  }
  server.disk().has_room_again();
  const auto taken = server.exchange(form_request(file_part(pnm_picture(4, 3))));
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->status, 201);
}

TEST(UploadEarlyRefusal, ComesInPlaceOf100Continue) {
  TestServer server;
  std::string expect = form_type;
  expect += "Expect: 100-continue\r\n";
  expect_refused_unseen(server, announcement("/v1/jobs?preset=tiny", expect, 100), 422,
                        "unknown_preset");
  expect_refused_unseen(server, announcement("/v1/jobs", expect, std::size_t{1} << 40U), 413,
                        "too_many_bytes");
}

TEST(UploadEarlyRefusal, ReachesAClientThatSendsEverythingFirst) {
  Options options;
  options.max_upload_bytes = 1'000;
  TestServer server{options};
  const std::string piece(std::size_t{1} << 20U, 'x');
  constexpr std::size_t pieces = 32;
  RawClient client{server.port()};
  client.send(announcement("/v1/jobs", form_type, piece.size() * pieces));
  for (std::size_t i = 0; i < pieces; ++i)
    ASSERT_TRUE(client.send(piece));
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->problem_code(), "too_many_bytes");
}

}  // namespace
}  // namespace darkroom::http
