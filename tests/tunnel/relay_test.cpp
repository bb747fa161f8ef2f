#include <atomic>
#include <future>
#include <iostream>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tunnel/local_service.hpp"
#include "tests/tunnel/made_certificates.hpp"
#include "tests/tunnel/test_tunnel.hpp"

namespace darkroom::tunnel::tests {
namespace {

using namespace std::chrono_literals;

/// Bytes in which every displaced or lost one shows.
std::string pattern(std::size_t size, std::uint32_t seed) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) {
    seed = seed * 1'664'525U + 1'013'904'223U;
    byte = static_cast<char>(seed >> 24U);
  }
  return bytes;
}

/// With TLS and without.
class RelayTest : public ::testing::TestWithParam<bool> {
 protected:
  void open(std::uint16_t target, const Options& node = {}) {
    front_ = start_front(GetParam() ? certificates_.node("coordinator") : TlsFiles{}, target, node);
    connector_ = start_connector(GetParam() ? certificates_.node("worker-1") : TlsFiles{},
                                 front_->port(), reports_, node);
  }

  MadeCertificates certificates_;
  Reports reports_;
  std::unique_ptr<Front> front_;
  std::unique_ptr<Connector> connector_;
};

TEST_P(RelayTest, CarriesLargeTransfersBothWaysAndTheirEnds) {
  const LocalService service{echo};
  open(service.port());
  constexpr std::size_t size = 48'000'000;
  const std::string sent = pattern(size, 1);
  PlainSocket client = PlainSocket::connect(connector_->data_port());
  const auto start = std::chrono::steady_clock::now();
  std::thread sender{[&] {
    EXPECT_TRUE(client.send(sent));
    client.end_sending();
  }};
  const std::string received = client.receive_all();
  sender.join();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT_TRUE(client.ended_in_order());
  EXPECT_TRUE(received == sent) << received.size() << " bytes of " << size;
  std::cout << "there and back again: " << static_cast<double>(size) / took.count() / 1e6
            << " MB/s\n";
}

TEST_P(RelayTest, CarriesWhatComesAfterOneSideHasEnded) {
  std::string request;
  const LocalService service{[&request](PlainSocket& connection) {
    request = connection.receive_all();
    connection.send(pattern(5'000'000, 2));
  }};
  open(service.port());
  PlainSocket client = PlainSocket::connect(connector_->control_port());
  EXPECT_TRUE(client.send("all of the request"));
  client.end_sending();
  EXPECT_TRUE(client.receive_all() == pattern(5'000'000, 2));
  EXPECT_TRUE(client.ended_in_order());
  EXPECT_EQ(request, "all of the request");
}

TEST_P(RelayTest, CarriesWhatTheServiceSaysFirst) {
  const LocalService service{[](PlainSocket& connection) {
    connection.send("hello");
    echo(connection);
  }};
  open(service.port());
  for (int i = 0; i < 20; ++i) {
    PlainSocket client = PlainSocket::connect(connector_->control_port());
    EXPECT_EQ(client.receive_exactly(5), "hello");
  }
}

TEST_P(RelayTest, LeadsEachChannelToItsOwnService) {
  const LocalService control{[](PlainSocket& connection) { connection.send("control"); }};
  const LocalService data{[](PlainSocket& connection) { connection.send("data"); }};
  open(control.port());
  front_->set_target(Channel::data, data.port());
  EXPECT_EQ(PlainSocket::connect(connector_->control_port()).receive_all(), "control");
  EXPECT_EQ(PlainSocket::connect(connector_->data_port()).receive_all(), "data");
}

TEST_P(RelayTest, KeepsNoMoreThanItsBuffersOfASlowReaderAndDoesNotGiveItUp) {
  std::atomic<std::size_t> taken{0};
  const LocalService service{[&taken](PlainSocket& connection) {
    const std::string block(1U << 20U, 'x');
    for (int i = 0; i < 256 && connection.send(block); ++i)
      taken += block.size();
  }};
  // Shorter than the reader's pause: it is slow, but there.
  open(service.port(), {.peer_timeout = 2s});
  PlainSocket client = PlainSocket::connect(connector_->data_port());
  EXPECT_FALSE(client.receive(1).empty());
  std::this_thread::sleep_for(5s);
  // What the sockets on the way hold: the kernel's buffers, not ours.
  EXPECT_LT(taken, 64U << 20U);
  std::size_t total = 1;
  while (true) {
    const std::string next = client.receive();
    if (next.empty()) break;
    total += next.size();
  }
  EXPECT_EQ(total, 256U << 20U);
  EXPECT_TRUE(client.ended_in_order());
}

TEST_P(RelayTest, CutsOneSideWhenTheOtherIsCut) {
  std::promise<bool> in_order;
  const LocalService service{[&in_order](PlainSocket& connection) {
    connection.send("x");
    static_cast<void>(connection.receive_all());
    in_order.set_value(connection.ended_in_order());
  }};
  open(service.port());
  {
    PlainSocket client = PlainSocket::connect(connector_->control_port());
    EXPECT_EQ(client.receive(), "x");
    connector_->stop();
  }
  auto result = in_order.get_future();
  ASSERT_EQ(result.wait_for(patience), std::future_status::ready);
  EXPECT_FALSE(result.get());
}

TEST_P(RelayTest, CountsItsPeers) {
  const LocalService service{echo};
  open(service.port());
  std::vector<PlainSocket> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(PlainSocket::connect(connector_->control_port()));
    EXPECT_TRUE(clients.back().send("x"));
    EXPECT_EQ(clients.back().receive_exactly(1), "x");
  }
  const FrontFigures figures = front_->figures();
  EXPECT_EQ(figures.peers, 3U);
  EXPECT_EQ(figures.accepted, 3U);
  EXPECT_EQ(figures.handshakes, 0U);
  EXPECT_EQ(figures.certificate_left.has_value(), GetParam());
  EXPECT_EQ(connector_->peers(), 3U);
  EXPECT_EQ(reports_.next(), "reached");
  EXPECT_TRUE(reports_.none());
  clients.clear();
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (front_->figures().peers + connector_->peers() > 0 &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_EQ(front_->figures().peers, 0U);
  EXPECT_EQ(connector_->peers(), 0U);
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutTls, RelayTest, ::testing::Bool(),
                         [](const auto& kind) { return kind.param ? "Tls" : "Plain"; });

}  // namespace
}  // namespace darkroom::tunnel::tests
