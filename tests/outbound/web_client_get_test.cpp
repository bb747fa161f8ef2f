#include <chrono>
#include <cstdlib>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "outbound/web_client.hpp"
#include "tests/transfer/scripted_server.hpp"

namespace darkroom::outbound {
namespace {

using namespace std::chrono_literals;
using darkroom::tests::answer;
using darkroom::tests::ScriptedServer;
using Kind = Failure::Kind;

net::AddressGuard allowing(std::string_view blocks) {
  return net::AddressGuard{net::AddressBlock::parse_list(blocks).value()};
}

std::string url_of(const ScriptedServer& server, std::string_view host = "127.0.0.1") {
  return fmt::format("http://{}:{}/a.jpg", host, server.port());
}

std::string redirect_to(const std::string& location) {
  return answer("302 Found", "elsewhere", "Location: " + location + "\r\n");
}

/// A request, and what came of it.
struct Fetched {
  tl::expected<Answer, Failure> answer;
  std::string body;
};

Fetched fetch(const Get& get, const net::AddressGuard& guard = allowing("127.0.0.1"),
              const WebLimits& limits = {}) {
  Fetched fetched;
  const WebClient client{guard, limits};
  fetched.answer = client.get(get, [&fetched](std::span<const std::byte> piece) {
    fetched.body.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return true;
  });
  return fetched;
}

Get get_of(const std::string& url) {
  return {.url = url, .max_bytes = 1'000, .timeout = 20s, .max_redirects = 2};
}

Failure failure(const Fetched& fetched) {
  return fetched.answer ? Failure{Kind::other, "no failure"} : fetched.answer.error();
}

TEST(WebClientGet, GivesTheBodyToTheSink) {
  const ScriptedServer server{
      {{.bytes = answer("200 OK", "a picture", "Content-Type: image/jpeg\r\n")}}};
  const auto fetched = fetch(get_of(url_of(server)));
  ASSERT_TRUE(fetched.answer) << fetched.answer.error().message;
  EXPECT_EQ(fetched.body, "a picture");
  EXPECT_EQ(fetched.answer->status, 200);
  EXPECT_EQ(fetched.answer->content_type, "image/jpeg");
  EXPECT_EQ(fetched.answer->body, "");
}

TEST(WebClientGet, GoesToPublicAddressesOnlyUnlessToldOtherwise) {
  const ScriptedServer server{{{.bytes = answer("200 OK", "a secret")}}};
  for (const char* host : {"127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]",
                           "[::ffff:127.0.0.1]", "0.0.0.0", "10.0.0.1", "169.254.169.254"}) {
    const auto fetched = fetch(get_of(url_of(server, host)), net::AddressGuard{});
    EXPECT_EQ(failure(fetched).kind, Kind::refused_address) << host;
    EXPECT_EQ(fetched.body, "") << host;
  }
  EXPECT_EQ(server.requests(), 0U);
  EXPECT_EQ(failure(fetch(get_of(url_of(server)), net::AddressGuard{})).message,
            "127.0.0.1 is at an address that no request may go to (loopback).");
}

TEST(WebClientGet, ChecksEachRedirectAnew) {
  const ScriptedServer hidden{{{.bytes = answer("200 OK", "a secret")}}};
  const ScriptedServer server{{{.bytes = redirect_to(url_of(hidden, "127.0.0.2"))}}};
  const auto fetched = fetch(get_of(url_of(server)));
  EXPECT_EQ(failure(fetched).kind, Kind::refused_address) << failure(fetched).message;
  EXPECT_EQ(fetched.body, "");
  EXPECT_EQ(server.requests(), 1U);
}

TEST(WebClientGet, IsNotRedirectedToAnythingButHttp) {
  for (const char* target :
       {"file:///etc/passwd", "ftp://127.0.0.1/a", "http://me:secret@127.0.0.1/"}) {
    const ScriptedServer server{{{.bytes = redirect_to(target)}}};
    const auto fetched = fetch(get_of(url_of(server)));
    EXPECT_EQ(failure(fetched).kind, Kind::bad_url) << target;
    EXPECT_THAT(failure(fetched).message, testing::StartsWith("It was redirected to a URL that "));
    EXPECT_THAT(failure(fetched).message, testing::Not(testing::HasSubstr("secret")));
  }
}

TEST(WebClientGet, FollowsARedirectWithAPageOfItsOwn) {
  const std::string lines = "Location: /b.jpg\r\n";
  const ScriptedServer server{{{.bytes = answer("302 Found", std::string(60'000, 'x'), lines)},
                               {.bytes = answer("200 OK", "a picture")}}};
  EXPECT_EQ(fetch(get_of(url_of(server))).body, "a picture");
  const ScriptedServer endless{{{.bytes = answer("302 Found", std::string(70'000, 'x'), lines)}}};
  EXPECT_EQ(failure(fetch(get_of(url_of(endless)))).kind, Kind::too_large);
}

TEST(WebClientGet, FollowsRedirectsUpToTheirNumber) {
  const ScriptedServer server{{{.bytes = redirect_to("/b.jpg")},
                               {.bytes = redirect_to("c.jpg")},
                               {.bytes = answer("200 OK", "a picture")}}};
  EXPECT_EQ(fetch(get_of(url_of(server))).body, "a picture");
  const ScriptedServer circle{{{.bytes = redirect_to("/a.jpg")}}};
  const auto fetched = fetch(get_of(url_of(circle)));
  EXPECT_EQ(failure(fetched).kind, Kind::too_many_redirects);
  EXPECT_EQ(failure(fetched).message, "It was redirected more than 2 times.");
  EXPECT_EQ(circle.requests(), 3U);
}

TEST(WebClientGet, TakesNoMoreThanIsAllowed) {
  const ScriptedServer fits{{{.bytes = answer("200 OK", std::string(1'000, 'a'))}}};
  EXPECT_EQ(fetch(get_of(url_of(fits))).body.size(), 1'000U);
  const ScriptedServer announced{
      {{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\nabc", .hangs = true}}};
  const auto refused = fetch(get_of(url_of(announced)));
  EXPECT_EQ(failure(refused).kind, Kind::too_large);
  EXPECT_EQ(failure(refused).message, "127.0.0.1 sends more than the 1000 bytes that are allowed.");
  EXPECT_EQ(refused.body, "") << "its length told before";
  const ScriptedServer endless{
      {{.bytes = "HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, 'a'), .hangs = true}}};
  const auto cut = fetch(get_of(url_of(endless)));
  EXPECT_EQ(failure(cut).kind, Kind::too_large);
  EXPECT_LE(cut.body.size(), 1'000U);
}

TEST(WebClientGet, TakesNoHeadWithoutAnEnd) {
  std::string lines;
  for (int i = 0; i < 9; ++i)
    lines += "X-Long: " + std::string(8'000, 'a') + "\r\n";
  const ScriptedServer talks{{{.bytes = answer("200 OK", "a picture", lines)}}};
  const auto refused = fetch(get_of(url_of(talks)));
  EXPECT_EQ(failure(refused).kind, Kind::too_large);
  EXPECT_EQ(failure(refused).message, "127.0.0.1 sends more than 65536 bytes of headers.");
  EXPECT_EQ(refused.body, "");
  std::string before;
  for (int i = 0; i < 3'000; ++i)
    before += "HTTP/1.1 100 Continue\r\n\r\n";
  const ScriptedServer hesitates{{{.bytes = before, .hangs = true}}};
  EXPECT_EQ(failure(fetch(get_of(url_of(hesitates)))).kind, Kind::too_large);
}

TEST(WebClientGet, LeavesWhoIsTooSlow) {
  const ScriptedServer server{
      {{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nabc", .hangs = true}}};
  const auto start = std::chrono::steady_clock::now();
  const auto slow = fetch(get_of(url_of(server)), allowing("127.0.0.1"), {.rate_grace = 1s});
  EXPECT_EQ(failure(slow).kind, Kind::timed_out);
  EXPECT_EQ(failure(slow).message, "127.0.0.1 sends too slowly.");
  auto impatient = get_of(url_of(server));
  impatient.timeout = 200ms;
  EXPECT_EQ(failure(fetch(impatient)).kind, Kind::timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST(WebClientGet, WaitsForTheFirstByteAsLongAsForAll) {
  for (const char* before : {"", "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"}) {
    const ScriptedServer server{{{.bytes = before, .hangs = true}}};
    auto get = get_of(url_of(server));
    get.timeout = 2'500ms;
    const auto start = std::chrono::steady_clock::now();
    const auto silent = fetch(get, allowing("127.0.0.1"), {.rate_grace = 1s});
    EXPECT_EQ(failure(silent).message, "127.0.0.1 took too long.");
    EXPECT_GE(std::chrono::steady_clock::now() - start, 2'400ms);
  }
}

TEST(WebClientGet, TakesNoPartForTheWhole) {
  const ScriptedServer server{
      {{.bytes = answer("206 Partial Content", "a pic", "Content-Range: bytes 0-4/9\r\n")}}};
  const auto fetched = fetch(get_of(url_of(server)));
  ASSERT_TRUE(fetched.answer) << fetched.answer.error().message;
  EXPECT_EQ(fetched.answer->status, 206);
  EXPECT_EQ(fetched.body, "");
}

TEST(WebClientGet, HasOneTimeoutForAllRedirects) {
  const ScriptedServer server{
      {{.bytes = redirect_to("/b.jpg")}, {.bytes = "HTTP/1.1 200 OK\r\n", .hangs = true}}};
  auto get = get_of(url_of(server));
  get.timeout = 300ms;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(failure(fetch(get)).kind, Kind::timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST(WebClientGet, EndsWhereNobodyWantsItAnyMore) {
  const ScriptedServer server{{{.bytes = "HTTP/1.1 200 OK\r\n", .hangs = true}}};
  auto get = get_of(url_of(server));
  get.go_on = [&server] { return server.requests() == 0; };
  EXPECT_EQ(failure(fetch(get)).kind, Kind::stopped);
  const ScriptedServer other{{{.bytes = answer("200 OK", "a picture")}}};
  const auto refusing = WebClient{allowing("127.0.0.1")}.get(
      get_of(url_of(other)), [](std::span<const std::byte>) { return false; });
  ASSERT_FALSE(refusing);
  EXPECT_EQ(refusing.error().kind, Kind::sink);
}

TEST(WebClientGet, TellsOfOtherAnswers) {
  const ScriptedServer server{
      {{.bytes = answer("503 Busy", std::string(5'000, 'x'), "Retry-After: 7\r\n")}}};
  const auto fetched = fetch(get_of(url_of(server)), allowing("127.0.0.1"), {.answer_bytes = 100});
  ASSERT_TRUE(fetched.answer) << fetched.answer.error().message;
  EXPECT_EQ(fetched.answer->status, 503);
  EXPECT_EQ(fetched.answer->retry_after, 7s);
  EXPECT_EQ(fetched.answer->body, std::string(100, 'x'));
  EXPECT_EQ(fetched.body, "");
}

TEST(WebClientGet, TellsWhyThereWasNoAnswer) {
  std::string gone;
  {
    const ScriptedServer server{{{}}};
    gone = url_of(server);
  }
  EXPECT_EQ(failure(fetch(get_of(gone))).kind, Kind::unreachable);
  const ScriptedServer breaking{{{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nabc"}}};
  EXPECT_EQ(failure(fetch(get_of(url_of(breaking)))).message, "The connection to 127.0.0.1 broke.");
  const std::string no_host(64, 'a');  // One more than a label of a name may have.
  EXPECT_EQ(failure(fetch(get_of("http://" + no_host + ".example/"))).kind, Kind::unresolvable);
  EXPECT_EQ(failure(fetch(get_of("http://u:p@example.org/"))).message,
            "The URL has a user name in it, which is not allowed.");
}

TEST(WebClientGet, UsesNoProxyOfTheEnvironment) {
  const ScriptedServer proxy{{{.bytes = answer("200 OK", "from the proxy")}}};
  const ScriptedServer server{{{.bytes = answer("200 OK", "from the server")}}};
  const auto address = fmt::format("http://127.0.0.1:{}", proxy.port());
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"})
    ::setenv(name, address.c_str(), 1);
  EXPECT_EQ(fetch(get_of(url_of(server))).body, "from the server");
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"})
    ::unsetenv(name);
  EXPECT_EQ(proxy.requests(), 0U);
}

}  // namespace
}  // namespace darkroom::outbound
