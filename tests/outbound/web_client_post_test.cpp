#include <string>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include "outbound/web_client.hpp"
#include "tests/transfer/scripted_server.hpp"

namespace darkroom::outbound {
namespace {

using darkroom::tests::ScriptedServer;

/// Keeps the last request and gives one answer to all.
class Receiver {
 public:
  Receiver() {
    server_.Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
      received_ = request;
      response.status = 202;
      response.set_content("taken", "text/plain");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::jthread{[this] { server_.listen_after_bind(); }};
    while (!server_.is_running())
      std::this_thread::yield();
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  Receiver(Receiver&&) = delete;
  Receiver& operator=(Receiver&&) = delete;
  ~Receiver() { server_.stop(); }

  [[nodiscard]] std::string url() const { return fmt::format("http://127.0.0.1:{}/hook", port_); }
  /// After its answer has come.
  [[nodiscard]] const httplib::Request& received() const { return received_; }

 private:
  httplib::Server server_;
  httplib::Request received_;
  int port_ = 0;
  std::jthread thread_;
};

WebClient client() {
  return WebClient{net::AddressGuard{net::AddressBlock::parse_list("127.0.0.1").value()}};
}

TEST(WebClientPost, SendsHeadersAndBody) {
  const Receiver receiver;
  const std::string body = "{\"big\":\"" + std::string(100'000, 'x') + "\"}";
  const auto answer =
      client().post({.url = receiver.url(),
                     .headers = {{"Content-Type", "application/json"}, {"webhook-id", "msg_1"}},
                     .body = body});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 202);
  EXPECT_EQ(answer->body, "taken");
  EXPECT_EQ(answer->content_type, "text/plain");
  const auto& received = receiver.received();
  EXPECT_EQ(received.body, body);
  EXPECT_EQ(received.get_header_value("Content-Type"), "application/json");
  EXPECT_EQ(received.get_header_value_count("Content-Type"), 1U);
  EXPECT_EQ(received.get_header_value("webhook-id"), "msg_1");
  EXPECT_EQ(received.get_header_value("User-Agent"), "darkroom");
  EXPECT_FALSE(received.has_header("Expect"));
}

TEST(WebClientPost, MayHaveAnEmptyBody) {
  const Receiver receiver;
  const auto answer = client().post({.url = receiver.url()});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(receiver.received().method, "POST");
  EXPECT_EQ(receiver.received().get_header_value("Content-Length"), "0");
}

TEST(WebClientPost, FollowsNoRedirect) {
  const ScriptedServer server{
      {{.bytes = darkroom::tests::answer("302 Found", "", "Location: /b\r\n")}}};
  const auto answer = client().post({.url = fmt::format("http://127.0.0.1:{}/", server.port())});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 302);
  EXPECT_EQ(server.requests(), 1U);
}

TEST(WebClientPost, GoesToPublicAddressesOnlyUnlessToldOtherwise) {
  const ScriptedServer server{{{.bytes = darkroom::tests::answer("200 OK", "")}}};
  const auto answer = WebClient{net::AddressGuard{}}.post(
      {.url = fmt::format("http://localhost:{}/", server.port())});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Failure::Kind::refused_address);
  EXPECT_EQ(server.requests(), 0U);
}

TEST(WebClientPost, SendsNoHeaderThatIsTwo) {
  const ScriptedServer server{{{.bytes = darkroom::tests::answer("200 OK", "")}}};
  const auto answer = client().post(
      {.url = fmt::format("http://127.0.0.1:{}/", server.port()), .headers = {{"a", "b\r\nc: d"}}});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "A header has a line break in it.");
  EXPECT_EQ(server.requests(), 0U);
}

TEST(WebClientPost, TellsWhenToTryAgain) {
  const ScriptedServer server{
      {{.bytes = darkroom::tests::answer("429 Slow", "", "Retry-After: 120\r\n")}}};
  const auto answer = client().post({.url = fmt::format("http://127.0.0.1:{}/", server.port())});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->retry_after, std::chrono::seconds{120});
}

}  // namespace
}  // namespace darkroom::outbound
