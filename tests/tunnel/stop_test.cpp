#include <chrono>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tunnel/local_service.hpp"
#include "tests/tunnel/made_certificates.hpp"
#include "tests/tunnel/test_tunnel.hpp"

namespace darkroom::tunnel::tests {
namespace {

using namespace std::chrono_literals;

TEST(TunnelStop, EndsPromptlyWithConnectionsInEveryState) {
  MadeCertificates certificates;
  const LocalService service{echo};
  Reports reports;
  const auto front = start_front(certificates.node("coordinator"), service.port());
  const auto connector = start_connector(certificates.node("worker-1"), front->port(), reports);
  std::vector<PlainSocket> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(PlainSocket::connect(connector->control_port()));
    ASSERT_TRUE(clients.back().send("x"));
    ASSERT_EQ(clients.back().receive(), "x");
    clients.push_back(PlainSocket::connect(front->port()));
    ASSERT_TRUE(clients.back().send("\x16\x03\x01\x02"));
  }
  const auto start = std::chrono::steady_clock::now();
  connector->stop();
  front->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
  for (PlainSocket& client : clients)
    EXPECT_TRUE(client.closed_within(5s));
  front->stop();
}

TEST(TunnelStop, DoesNotWaitForANameServer) {
  Reports reports;
  Options node;
  node.insecure = true;
  const auto connector =
      start_connector({}, 9'000, reports, node, same_versions, "nowhere.invalid");
  const PlainSocket client = PlainSocket::connect(connector->control_port());
  const auto start = std::chrono::steady_clock::now();
  connector->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
}

}  // namespace
}  // namespace darkroom::tunnel::tests
