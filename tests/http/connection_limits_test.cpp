#include <thread>

#include <gtest/gtest.h>

#include "tests/http/job_with_files.hpp"
#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

using std::chrono::milliseconds;

using std::chrono::steady_clock;

// Well below every default time-out: what takes longer was not ended by the limit that was set.
constexpr std::chrono::seconds soon{3};

// Sends a byte every 20 ms, as an attacker would, and tells whether an answer came meanwhile.
bool answered_while_trickling(RawClient& client) {
  const auto started = steady_clock::now();
  while (steady_clock::now() - started < soon) {
    if (client.has_input()) return true;
    if (!client.send("b")) return false;
    std::this_thread::sleep_for(milliseconds{20});
  }
  return false;
}

TEST(ConnectionLimits, ASilentClientIsCutOff) {
  Options options;
  options.read_timeout = milliseconds{100};
  TestServer server{options};
  const auto started = steady_clock::now();
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
  EXPECT_LT(steady_clock::now() - started, soon);
  EXPECT_TRUE(server.reaches_stored_files(0));
}

TEST(ConnectionLimits, AClientThatTricklesItsHeaderIsCutOff) {
  Options options;
  options.read_timeout = milliseconds{500};
  TestServer server{options};
  RawClient client{server.port()};
  client.send("GET / HTTP/1.1\r\nA: ");
  ASSERT_TRUE(answered_while_trickling(client));
  EXPECT_EQ(client.receive()->problem_code(), "request_timeout");
}

TEST(ConnectionLimits, ARequestThatTakesTooLongInAllIsCutOff) {
  Options options;
  options.request_timeout = milliseconds{200};
  TestServer server{options};
  RawClient client{server.port()};
  client.send(
      "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: "
      "100000\r\n\r\n");
  ASSERT_TRUE(answered_while_trickling(client));
  EXPECT_EQ(client.receive()->problem_code(), "request_timeout");
}

TEST(ConnectionLimits, AClientThatDoesNotReadIsCutOff) {
  Options options;
  options.write_timeout = milliseconds{100};
  TestServer server{options};
  const auto job = make_job_with_file(server, std::string(std::size_t{32} << 20U, 'x'));
  RawClient client{server.port()};
  client.send(request_text("GET", "/files/" + job.original.blob_key));
  // Stopping waits for every connection: only one that was cut off lets it return in time.
  const auto started = steady_clock::now();
  std::this_thread::sleep_for(milliseconds{300});
  server.server().stop(std::chrono::seconds{20});
  EXPECT_LT(steady_clock::now() - started, std::chrono::seconds{10});
  EXPECT_FALSE(client.receive());
}

// Has the server wait for the body of this client's request.
void begin_upload(RawClient& client) {
  client.send(
      "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: "
      "5\r\nExpect: 100-continue\r\n\r\n");
  const auto response = client.receive();
  ASSERT_TRUE(response);
  ASSERT_EQ(response->status, 100);
}

// A place may take a moment to be free.
bool reaches_healthz(const TestServer& server) {
  std::optional<RawResponse> response;
  for (int i = 0; i < 1000 && (!response || response->status != 200); ++i) {
    response = server.exchange(request_text("GET", "/healthz"));
  }
  return response && response->status == 200;
}

TEST(ConnectionLimits, SilentClientsShutNobodyOut) {
  Options options;
  options.max_connections = 2;
  TestServer server{options};
  RawClient silent{server.port()};
  RawClient one_byte{server.port()};
  one_byte.send("G");
  const auto started = steady_clock::now();
  for (int i = 0; i < 5; ++i)
    EXPECT_TRUE(reaches_healthz(server));
  EXPECT_LT(steady_clock::now() - started, soon);
}

TEST(ConnectionLimits, TheLongestSilentClientMakesRoom) {
  Options options;
  options.max_connections = 2;
  TestServer server{options};
  RawClient longest{server.port()};
  RawClient later{server.port()};
  for (RawClient* client : {&longest, &later}) {
    client->send(request_text("GET", "/healthz"));
    ASSERT_TRUE(client->receive());
    // Until the thread that serves it waits for its next request.
    std::this_thread::sleep_for(milliseconds{50});
  }
  RawClient newest{server.port()};
  newest.send(request_text("GET", "/healthz"));
  const auto response = newest.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_TRUE(longest.closed());
  later.send(request_text("GET", "/healthz"));
  EXPECT_TRUE(later.receive());
}

TEST(ConnectionLimits, ConnectionsAboveTheLimitAreTurnedAway) {
  Options options;
  options.max_connections = 2;
  TestServer server{options};
  RawClient first{server.port()};
  RawClient second{server.port()};
  ASSERT_NO_FATAL_FAILURE(begin_upload(first));
  ASSERT_NO_FATAL_FAILURE(begin_upload(second));
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
  first.send("x----");
  ASSERT_TRUE(first.receive());
  EXPECT_TRUE(reaches_healthz(server));
}

TEST(ConnectionLimits, WhoHasMostConnectionsMakesRoomForOthers) {
  Options options;
  options.max_connections = 4;
  TestServer server{options};
  const std::string many = "127.0.0.2";
  std::vector<std::unique_ptr<RawClient>> greedy;
  for (int i = 0; i < 4; ++i) {
    greedy.push_back(std::make_unique<RawClient>(server.port(), many));
    ASSERT_NO_FATAL_FAILURE(begin_upload(*greedy.back()));
  }
  // Another one of the same address is turned away, one of another gets a place.
  RawClient fifth{server.port(), many};
  EXPECT_EQ(fifth.receive()->problem_code(), "too_many_connections");
  RawClient modest{server.port(), "127.0.0.3"};
  modest.send(request_text("GET", "/healthz"));
  const auto response = modest.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_FALSE(greedy[0]->receive() && greedy[0]->receive());
  greedy[1]->send("x----");
  EXPECT_TRUE(greedy[1]->receive());
}

TEST(ConnectionLimits, UploadsAboveTheirLimitAreRefusedBeforeTheirBodies) {
  Options options;
  options.max_uploads = 1;
  TestServer server{options};
  RawClient first{server.port()};
  ASSERT_NO_FATAL_FAILURE(begin_upload(first));
  RawClient second{server.port()};
  second.send(
      "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: "
      "5\r\nExpect: 100-continue\r\n\r\n");
  const auto refused = second.receive();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(refused->problem_code(), "too_many_uploads");
  EXPECT_EQ(refused->field("retry-after"), "1");
  EXPECT_EQ(server.exchange(request_text("GET", "/healthz"))->status, 200);
  first.send("x----");
  ASSERT_TRUE(first.receive());
  RawClient third{server.port()};
  ASSERT_NO_FATAL_FAILURE(begin_upload(third));
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
