#include <thread>

#include <gtest/gtest.h>

#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

TEST(Stop, EndsIdleConnectionsAtOnce) {
  TestServer server;
  RawClient fresh{server.port()};
  RawClient kept{server.port()};
  kept.send(request_text("GET", "/healthz"));
  ASSERT_TRUE(kept.receive());
  const auto started = steady_clock::now();
  server.server().stop(std::chrono::seconds{60});
  EXPECT_LT(steady_clock::now() - started, std::chrono::seconds{4});
  EXPECT_TRUE(kept.closed());
  EXPECT_TRUE(fresh.closed());
}

TEST(Stop, CutsOffAStuckConnectionAfterTheGrace) {
  TestServer server;
  RawClient stuck{server.port()};
  stuck.send(
      "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: "
      "100\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_EQ(stuck.receive()->status, 100);  // It is being served now.
  const auto started = steady_clock::now();
  server.server().stop(milliseconds{200});
  const auto took = steady_clock::now() - started;
  EXPECT_GE(took, milliseconds{190});
  EXPECT_LT(took, std::chrono::seconds{5});
  EXPECT_EQ(server.stored_files(), 0U);
  // It is told whose doing this was.
  const auto response = stuck.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->problem_code(), "unavailable");
  EXPECT_NE(response->member("detail").find("The service stops"), std::string::npos);
}

TEST(Stop, LetsARequestUnderWayFinish) {
  TestServer server;
  const std::string picture = pnm_picture(4, 3);
  RawClient client{server.port()};
  client.send(
      "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nExpect: "
      "100-continue\r\nContent-Length: " +
      std::to_string(picture.size()) + "\r\n\r\n");
  ASSERT_EQ(client.receive()->status, 100);
  std::thread stopper{[&server] { server.server().stop(std::chrono::seconds{20}); }};
  client.send(picture);
  const auto response = client.receive();
  stopper.join();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 201) << response->body;
  EXPECT_TRUE(client.closed());
}

TEST(Stop, FreesThePortAndMayBeRepeated) {
  TestServer server;
  const std::uint16_t port = server.port();
  server.server().stop(milliseconds{0});
  server.server().stop(milliseconds{0});
  EXPECT_THROW(RawClient{port}, std::runtime_error);
}

TEST(Start, SaysWhyTheAddressCannotBeHad) {
  TestServer server;
  const auto start = [&server](const std::string& host, std::uint16_t port) {
    Options options;
    options.host = host;
    options.port = port;
    const auto started = Server::start(options, {server.jobs(), server.blobs(), {}});
    return started ? std::string{"started"} : started.error();
  };
  EXPECT_NE(start("127.0.0.1", server.port()).find("Another program uses the port"),
            std::string::npos);
  EXPECT_NE(start("192.0.2.1", 0).find("No network interface"), std::string::npos);
  EXPECT_NE(start("no host", 0).find("cannot listen on 'no host'"), std::string::npos);
  EXPECT_EQ(start("localhost", 0), "started");
}

}  // namespace
}  // namespace darkroom::http
