#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <iostream>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tunnel/hostile_peers.hpp"
#include "tests/tunnel/local_service.hpp"
#include "tests/tunnel/log_capture.hpp"
#include "tests/tunnel/made_certificates.hpp"
#include "tests/tunnel/test_tunnel.hpp"
#include "tests/tunnel/tls_peer.hpp"

namespace darkroom::tunnel::tests {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Seconds = std::chrono::duration<double>;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

constexpr const char* hostile_address = "127.0.0.66";
constexpr auto attack_time = 3s;

/// A TLS record with the beginning of a ClientHello (RFC 8446, sections 4 and 5.1).
std::string hello_start_claiming(std::uint32_t length) {
  const std::uint32_t record = std::min(length + 4, 0xffffU);
  std::string bytes{"\x16\x03\x01"};
  bytes += {static_cast<char>(record >> 8U), static_cast<char>(record & 0xffU), '\x01'};
  for (const unsigned shift : {16U, 8U, 0U})
    bytes += static_cast<char>(length >> shift & 0xffU);
  return bytes + std::string("\x03\x03", 2);
}

class HostilePeer : public ::testing::Test {
 protected:
  void SetUp() override { raise_file_limit(); }

  void open(const TlsFiles& front_files, const TlsFiles& connector_files) {
    front_ = start_front(front_files, service_.port());
    connector_ = start_connector(connector_files, front_->port(), reports_);
    good_ = PlainSocket::connect(connector_->control_port());
    ASSERT_TRUE(good_.send("x"));
    ASSERT_EQ(good_.receive_exactly(1), "x");
  }

  /// Times of there and back, in milliseconds, sorted.
  std::vector<double> ping_for(std::chrono::milliseconds time) {
    std::vector<double> took;
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
      const auto start = std::chrono::steady_clock::now();
      if (!good_.send("ping") || good_.receive_exactly(4) != "ping") break;
      took.push_back(Seconds{std::chrono::steady_clock::now() - start}.count() * 1e3);
      std::this_thread::sleep_for(5ms);
    }
    std::ranges::sort(took);
    return took;
  }

  /// Runs while something attacks; prints and checks what it costs.
  void check_under_attack(const std::string& name, const std::function<int()>& attempts) {
    const auto calm = ping_for(500ms);
    ASSERT_FALSE(calm.empty());
    const double memory = resident_kib();
    const auto cpu = cpu_time_of_thread("node-port");
    const int made_before = attempts();
    const auto attacked = ping_for(attack_time);
    ASSERT_FALSE(attacked.empty());
    const double rate = (cpu_time_of_thread("node-port") - cpu) / Seconds{attack_time};
    const double grown = std::max(0.0, resident_kib() - memory);
    const int made = attempts() - made_before;
    std::cout << fmt::format(
        "{}: {:.0f} attempts/s, {:.4f} CPU s/s of the front with good pings, {:.0f} KiB grown, "
        "ping p50 {:.2f} -> {:.2f} ms, p99 {:.2f} -> {:.2f} ms\n",
        name, made / Seconds{attack_time}.count(), rate, grown, quantile(calm, 0.5),
        quantile(attacked, 0.5), quantile(calm, 0.99), quantile(attacked, 0.99));
    EXPECT_LT(quantile(attacked, 0.5), 10 + 10 * quantile(calm, 0.5));
    if (!sanitized) {
      EXPECT_LT(rate, 0.25);
      EXPECT_LT(grown, 16 * 1'024);
    }
    // A newcomer from another address gets through meanwhile.
    PlainSocket newcomer = PlainSocket::connect(connector_->data_port());
    EXPECT_TRUE(newcomer.send("x"));
    EXPECT_EQ(newcomer.receive_exactly(1), "x") << connector_->last_problem().value_or("");
  }

  static double quantile(const std::vector<double>& sorted, double part) {
    const auto last = static_cast<double>(sorted.size() - 1);
    return sorted.at(static_cast<std::size_t>(std::lround(part * last)));
  }

  MadeCertificates certificates_;
  LocalService service_{echo};
  LogCapture log_;
  Reports reports_;
  std::unique_ptr<Front> front_;
  std::unique_ptr<Connector> connector_;
  PlainSocket good_;
};

class HostileCrowdTest : public HostilePeer, public ::testing::WithParamInterface<HostileKind> {};

TEST_P(HostileCrowdTest, CostsNextToNothingAndChangesNothingForOthers) {
  open(certificates_.node("coordinator"), certificates_.node("worker-1"));
  {
    const HostileCrowd hostile{front_->port(), GetParam(), hostile_address};
    check_under_attack(GetParam().name, [&] { return hostile.made(); });
    EXPECT_LE(front_->figures().handshakes, 64U);
  }
  EXPECT_GT(front_->figures().refused, 0U);
  const std::string text = log_.text();
  EXPECT_THAT(text, HasSubstr(hostile_address));
  EXPECT_LT(std::ranges::count(text, '\n'), 40) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, HostileCrowdTest,
    ::testing::Values(
        HostileKind{.name = "Silent", .first_bytes = ""},
        HostileKind{.name = "Garbage", .first_bytes = std::string(4'096, '\xa5')},
        HostileKind{.name = "Http", .first_bytes = "GET / HTTP/1.1\r\n\r\n"},
        HostileKind{.name = "Dripping", .first_bytes = hello_start_claiming(0x1fc), .drips = true},
        HostileKind{.name = "GreatClaim", .first_bytes = hello_start_claiming(0xffffff)},
        HostileKind{.name = "LongHello",
                    .first_bytes = hello_start_claiming(0x3fff) + std::string(8'192, '\0')}),
    [](const auto& kind) { return kind.param.name; });

TEST_F(HostilePeer, WithACertificateOfAnotherCaCostsNextToNothing) {
  open(certificates_.node("coordinator"), certificates_.node("worker-1"));
  MadeCertificates others;
  const TlsFiles stranger = others.node("stranger");
  std::atomic<bool> stop{false};
  std::atomic<int> made{0};
  std::thread attacker{[&] {
    while (!stop) {
      TlsPeer peer{front_->port(), stranger.certificate, stranger.key, TlsPeer::Version::tls_1_3,
                   hostile_address};
      EXPECT_NE(peer.refusal(), "(none)");
      ++made;
      std::this_thread::sleep_for(2ms);
    }
  }};
  check_under_attack("ForeignCertificate", [&] { return made.load(); });
  stop = true;
  attacker.join();
  EXPECT_EQ(service_.connections(), 2);
}

TEST_F(HostilePeer, WithoutTlsIsBoundedToo) {
  open({}, {});
  {
    const HostileCrowd hostile{
        front_->port(),
        {.name = "", .first_bytes = "darkroom-tunnel wire=" + std::string(100, 'x'), .drips = true},
        hostile_address};
    check_under_attack("PlainDripping", [&] { return hostile.made(); });
  }
  PlainSocket endless = PlainSocket::connect(front_->port());
  endless.send("darkroom-tunnel wire=" + std::string(4'096, 'x'));
  EXPECT_EQ(endless.receive_all(), "refused the first line is too long\n");
  PlainSocket hasty = PlainSocket::connect(front_->port());
  hasty.send("darkroom-tunnel wire=darkroom-5 version=1 node=a channel=data\nGET / HTTP/1.1\r\n");
  EXPECT_EQ(hasty.receive_all(), "refused it did not wait for the answer to its first line\n");
}

TEST_F(HostilePeer, IsGivenUpAfterTheTimeForAHandshake) {
  const auto files = certificates_.node("coordinator");
  front_ = start_front(files, service_.port(), {.handshake_timeout = 300ms});
  PlainSocket silent = PlainSocket::connect(front_->port());
  PlainSocket begun = PlainSocket::connect(front_->port());
  begun.send(hello_start_claiming(0x1fc));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(silent.closed_within(patience));
  EXPECT_TRUE(begun.closed_within(patience));
  EXPECT_GE(std::chrono::steady_clock::now() - start, 200ms);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 3s);
  EXPECT_TRUE(log_.wait_for("refused 127.0.0.1: it did not prove itself within 300 ms"));
}

TEST_F(HostilePeer, TakesLittleMemoryForEachConnection) {
  if (sanitized) GTEST_SKIP() << "memory is not the same under a sanitizer";
  const Options node{.handshake_timeout = 60s, .max_peers = 16'000, .max_handshakes = 8'000};
  front_ = start_front(certificates_.node("coordinator"), service_.port(), node);
  const auto measure = [&](const std::string& name, const std::string& bytes, double most) {
    constexpr int count = 1'000;
    const std::size_t held = front_->figures().handshakes;
    const double before = resident_kib();
    std::vector<PlainSocket> sockets;
    for (int i = 0; i < count; ++i) {
      sockets.push_back(PlainSocket::connect(front_->port(), hostile_address));
      sockets.back().send(bytes);
    }
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (front_->figures().handshakes < held + count &&
           std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(5ms);
    }
    std::this_thread::sleep_for(300ms);
    const double each = (resident_kib() - before) / count;
    std::cout << fmt::format("{}: {:.1f} KiB for each connection\n", name, each);
    EXPECT_LT(each, most);
    EXPECT_EQ(front_->figures().handshakes, held + count);
    return sockets;
  };
  const auto silent = measure("silent", "", 8);
  const auto begun = measure("hello begun", hello_start_claiming(0x1fc), 8);
  const std::string hello = TlsPeer::client_hello();
  const auto answered = measure("hello sent", hello, 96);
}

TEST_F(HostilePeer, DoesNotKeepANodeAtTheSameAddressOut) {
  open(certificates_.node("coordinator"), certificates_.node("worker-1"));
  std::vector<PlainSocket> silent;
  for (int i = 0; i < 200; ++i)
    silent.push_back(PlainSocket::connect(front_->port()));
  std::this_thread::sleep_for(1s);
  PlainSocket newcomer = PlainSocket::connect(connector_->data_port());
  EXPECT_TRUE(newcomer.send("x"));
  EXPECT_EQ(newcomer.receive_exactly(1), "x") << connector_->last_problem().value_or("");
}

}  // namespace
}  // namespace darkroom::tunnel::tests
