#include <cstdio>

#include <gtest/gtest.h>

#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

constexpr auto chunked_head =
    "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/x-portable-pixmap\r\n"
    "Transfer-Encoding: chunked\r\n\r\n";

std::string chunk(std::string_view bytes, std::string_view extension = "") {
  std::array<char, 17> size{};
  std::snprintf(size.data(), size.size(), "%zX", bytes.size());
  return size.data() + std::string{extension} + "\r\n" + std::string{bytes} + "\r\n";
}

TEST(ChunkedBody, IsTakenTogether) {
  TestServer server;
  const std::string picture = pnm_picture(20, 20);
  std::string body;
  for (std::size_t at = 0; at < picture.size(); at += 77) {
    body += chunk(std::string_view{picture}.substr(at, 77), at == 0 ? ";name=\"value\"" : "");
  }
  RawClient client{server.port()};
  client.send(chunked_head + body + "0\r\nTrailer: x\r\n\r\n" + request_text("GET", "/healthz"));
  const auto created = client.receive();
  ASSERT_TRUE(created);
  EXPECT_EQ(created->status, 201) << created->body;
  EXPECT_NE(created->body.find("\"bytes\":" + std::to_string(picture.size())), std::string::npos);
  const auto next = client.receive();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->body, "{\"status\":\"ok\"}\n");
}

TEST(ChunkedBody, OverTheLimitIsRefusedWhileItComes) {
  Options options;
  options.max_upload_bytes = 1'000;
  TestServer server{options};
  RawClient client{server.port()};
  client.send(chunked_head);
  client.send(chunk(std::string(999, 'x')) + chunk("xx"));
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 413);
  EXPECT_EQ(response->problem_code(), "too_many_bytes");
  EXPECT_EQ(response->field("connection"), "close");
  EXPECT_TRUE(server.reaches_stored_files(0));
}

TEST(ChunkedBody, ThatIsBrokenIsRefusedAndEndsTheConnection) {
  const std::string picture = pnm_picture(4, 3);
  const std::string length = std::to_string(picture.size());
  const std::vector<std::string> bodies{"zz\r\n",
                                        "-5\r\n",
                                        "0x5\r\n",
                                        "\r\n",
                                        "5\n",
                                        "fffffffffffffffffffff\r\n",
                                        "3\r\nabcd\r\n0\r\n\r\n",
                                        "3\r\nabc0\r\n\r\n",
                                        chunk("abc") + "+1\r\nx\r\n0\r\n\r\n",
                                        std::string(10'000, '0'),
                                        "0\r\n" + std::string(20'000, 't') + "\r\n"};
  for (const std::string& body : bodies) {
    SCOPED_TRACE(body.substr(0, 40));
    TestServer server;
    RawClient client{server.port()};
    client.send(chunked_head + body);
    client.end_sending();
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 400) << response->body;
    EXPECT_EQ(response->problem_code(), "malformed_request");
    EXPECT_TRUE(client.closed());
    EXPECT_EQ(server.jobs().size(), 0U);
    EXPECT_TRUE(server.reaches_stored_files(0));
  }
}

}  // namespace
}  // namespace darkroom::http
