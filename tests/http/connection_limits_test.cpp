#include <thread>

#include <gtest/gtest.h>

#include "pictures.hpp"
#include "test_server.hpp"

namespace darkroom::http {
namespace {

using std::chrono::milliseconds;

TEST(ConnectionLimits, ASilentClientIsCutOff) {
  Options options;
  options.read_timeout = milliseconds{100};
  TestServer server{options};
  RawClient silent{server.port()};
  EXPECT_TRUE(silent.closed());

  RawClient in_header{server.port()};
  in_header.send("GET / HT");
  const auto header = in_header.receive();
  ASSERT_TRUE(header);
  EXPECT_EQ(header->status, 408);
  EXPECT_EQ(header->problem_code(), "request_timeout");

  RawClient in_body{server.port()};
  const std::string request = form_request(file_part(pnm_picture(4, 3)));
  in_body.send(std::string_view{request}.substr(0, request.size() - 5));
  const auto body = in_body.receive();
  ASSERT_TRUE(body);
  EXPECT_EQ(body->status, 408);
  EXPECT_EQ(body->problem_code(), "request_timeout");
  EXPECT_TRUE(server.reaches_stored_files(0));
}

TEST(ConnectionLimits, AClientThatTricklesItsHeaderIsCutOff) {
  Options options;
  options.read_timeout = milliseconds{200};
  TestServer server{options};
  RawClient client{server.port()};
  const auto started = std::chrono::steady_clock::now();
  // Always a byte well before the read time-out, as an attacker would.
  client.send("GET / HTTP/1.1\r\nA: ");
  while (client.send("b") && std::chrono::steady_clock::now() - started < milliseconds{400}) {
    std::this_thread::sleep_for(milliseconds{20});
  }
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->problem_code(), "request_timeout");
}

TEST(ConnectionLimits, ARequestThatTakesTooLongInAllIsCutOff) {
  Options options;
  options.request_timeout = milliseconds{200};
  TestServer server{options};
  RawClient client{server.port()};
  client.send(
      "POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: "
      "100000\r\n\r\n");
  const auto started = std::chrono::steady_clock::now();
  while (client.send("b") && std::chrono::steady_clock::now() - started < milliseconds{400}) {
    std::this_thread::sleep_for(milliseconds{20});
  }
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->problem_code(), "request_timeout");
}

TEST(ConnectionLimits, AClientThatDoesNotReadIsCutOff) {
  Options options;
  options.write_timeout = milliseconds{100};
  TestServer server{options};
  server.put_blob("uploads/originals/big.png", std::string(std::size_t{32} << 20U, 'x'));
  RawClient client{server.port()};
  client.send(request_text("GET", "/files/uploads/originals/big.png"));
  // Stopping waits for every connection: only one that was cut off lets it return in time.
  const auto started = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(milliseconds{300});
  server.server().stop(std::chrono::seconds{20});
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds{10});
  EXPECT_FALSE(client.receive());
}

TEST(ConnectionLimits, ConnectionsAboveTheLimitAreTurnedAway) {
  Options options;
  options.max_connections = 2;
  TestServer server{options};
  RawClient first{server.port()};
  RawClient second{server.port()};
  for (RawClient* client : {&first, &second}) {
    client->send(request_text("GET", "/healthz"));
    ASSERT_TRUE(client->receive());
  }
  for (int i = 0; i < 100; ++i) {
    RawClient third{server.port()};
    third.send(request_text("GET", "/healthz"));
    const auto response = third.receive();
    ASSERT_TRUE(response);
    ASSERT_EQ(response->status, 503);
    EXPECT_EQ(response->problem_code(), "too_many_connections");
    EXPECT_EQ(response->field("retry-after"), "1");
    // Not reset: on many systems that would take the answer away from a client that still sends.
    EXPECT_TRUE(third.send("x") && third.send("x"));
  }
  first.send(request_text("GET", "/healthz", "Connection: close\r\n"));
  ASSERT_TRUE(first.receive());
  ASSERT_TRUE(first.closed());
  // The place is free a moment after the close is seen.
  std::optional<RawResponse> response;
  for (int i = 0; i < 1000 && (!response || response->status != 200); ++i) {
    response = server.exchange(request_text("GET", "/healthz"));
  }
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
}

TEST(ConnectionLimits, ManyClientsAreServedAtOnce) {
  TestServer server;
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 100; ++i)
    clients.push_back(std::make_unique<RawClient>(server.port()));
  for (const auto& client : clients)
    client->send(request_text("GET", "/healthz"));
  for (const auto& client : clients)
    EXPECT_EQ(client->receive()->status, 200);
}

}  // namespace
}  // namespace darkroom::http
