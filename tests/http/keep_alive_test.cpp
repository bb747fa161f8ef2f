#include <gtest/gtest.h>

#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

TEST(KeepAlive, ServesManyRequestsOnOneConnection) {
  TestServer server;
  RawClient client{server.port()};
  for (int i = 0; i < 50; ++i) {
    client.send(request_text("GET", "/healthz"));
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->field("connection"), "");
  }
}

TEST(KeepAlive, AnswersPipelinedRequestsInTheirOrder) {
  TestServer server;
  RawClient client{server.port()};
  client.send("\r\n" + request_text("GET", "/healthz") +
              form_request(file_part(pnm_picture(4, 3))) + request_text("GET", "/nothing") +
              request_text("HEAD", "/readyz") + request_text("GET", "/readyz"));
  EXPECT_EQ(client.receive()->body, "{\"status\":\"ok\"}\n");
  EXPECT_EQ(client.receive()->status, 201);
  EXPECT_EQ(client.receive()->status, 404);
  const auto head = client.receive(true);
  ASSERT_TRUE(head);
  const auto get = client.receive();
  ASSERT_TRUE(get);
  EXPECT_EQ(head->field("content-length"), std::to_string(get->body.size()));
}

TEST(KeepAlive, GoesOnAfterAnUploadThatWasReadAndRefused) {
  TestServer server;
  RawClient client{server.port()};
  client.send(form_request(file_part("no picture")) + request_text("GET", "/healthz"));
  EXPECT_EQ(client.receive()->status, 415);
  EXPECT_EQ(client.receive()->status, 200);
}

TEST(KeepAlive, EndsWhenTheClientAsks) {
  TestServer server;
  for (const std::string& request : {request_text("GET", "/healthz", "Connection: Close\r\n"),
                                     std::string{"GET /healthz HTTP/1.0\r\n\r\n"}}) {
    RawClient client{server.port()};
    client.send(request);
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->field("connection"), "close");
    EXPECT_TRUE(client.closed());
  }
}

TEST(KeepAlive, EndsWhenTheConnectionIsIdle) {
  Options options;
  options.keep_alive_timeout = std::chrono::milliseconds{50};
  TestServer server{options};
  RawClient client{server.port()};
  client.send(request_text("GET", "/healthz"));
  EXPECT_TRUE(client.receive());
  const auto answered = std::chrono::steady_clock::now();
  EXPECT_TRUE(client.closed());
  // Below the default, which would close it too.
  EXPECT_LT(std::chrono::steady_clock::now() - answered, std::chrono::seconds{2});
}

}  // namespace
}  // namespace darkroom::http
