#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include "outbound/web_client.hpp"
#include "tests/transfer/scripted_server.hpp"
#include "tests/tunnel/made_certificates.hpp"

namespace darkroom::outbound {
namespace {

using darkroom::tests::ScriptedServer;

/// Speaks TLS with a certificate for "localhost" of a CA of its own.
class TlsServer {
 public:
  explicit TlsServer(const tunnel::TlsFiles& files)
      : server_(files.certificate.c_str(), files.key.c_str()) {
    server_.Get("/", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("safe and sound", "text/plain");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::jthread{[this] { server_.listen_after_bind(); }};
    while (!server_.is_running())
      std::this_thread::yield();
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  TlsServer(TlsServer&&) = delete;
  TlsServer& operator=(TlsServer&&) = delete;
  ~TlsServer() { server_.stop(); }

  [[nodiscard]] int port() const { return port_; }

 private:
  httplib::SSLServer server_;
  int port_ = 0;
  std::jthread thread_;
};

struct Fetched {
  tl::expected<Answer, Failure> answer;
  std::string body;
};

Fetched fetch(const std::string& url, const std::string& ca_file = {}) {
  const WebClient client{net::AddressGuard{net::AddressBlock::parse_list("127.0.0.1").value()},
                         {.ca_file = ca_file}};
  Fetched fetched;
  fetched.answer =
      client.get({.url = url, .max_bytes = 100}, [&fetched](std::span<const std::byte> piece) {
        fetched.body.append(reinterpret_cast<const char*>(piece.data()), piece.size());
        return true;
      });
  return fetched;
}

TEST(WebClientTls, BelievesCertificatesOfItsAuthoritiesOnly) {
  tunnel::tests::MadeCertificates certificates;
  const auto files = certificates.node("localhost");
  const TlsServer server{files};
  const auto url = fmt::format("https://localhost:{}/", server.port());
  const auto good = fetch(url, files.ca.string());
  ASSERT_TRUE(good.answer) << good.answer.error().message;
  EXPECT_EQ(good.body, "safe and sound");
  const auto bad = fetch(url);
  ASSERT_FALSE(bad.answer);
  EXPECT_EQ(bad.answer.error().kind, Failure::Kind::tls);
  EXPECT_THAT(bad.answer.error().message,
              testing::StartsWith("There is no TLS connection to localhost that can be trusted: "));
  EXPECT_EQ(bad.body, "");
}

TEST(WebClientTls, ChecksTheNameInACertificate) {
  tunnel::tests::MadeCertificates certificates;
  const auto files = certificates.node("elsewhere");
  const TlsServer server{files};
  const auto fetched =
      fetch(fmt::format("https://localhost:{}/", server.port()), files.ca.string());
  ASSERT_FALSE(fetched.answer);
  EXPECT_EQ(fetched.answer.error().kind, Failure::Kind::tls);
}

TEST(WebClientTls, IsNotThereWhereAServerSpeaksPlainHttp) {
  const ScriptedServer server{{{.bytes = darkroom::tests::answer("200 OK", "plain")}}};
  auto get = Get{.url = fmt::format("https://127.0.0.1:{}/", server.port()),
                 .timeout = std::chrono::milliseconds{500}};
  const auto fetched =
      WebClient{net::AddressGuard{net::AddressBlock::parse_list("127.0.0.1").value()}}.get(
          get, [](std::span<const std::byte>) { return true; });
  ASSERT_FALSE(fetched);
  EXPECT_THAT(fetched.error().kind, testing::AnyOf(Failure::Kind::tls, Failure::Kind::timed_out));
}

}  // namespace
}  // namespace darkroom::outbound
