#include <algorithm>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/http/job_with_files.hpp"
#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

// No other time-out can end a test's connection before its grace is over, or soon after.
constexpr milliseconds grace{500};
constexpr milliseconds soon_after{3'000};
constexpr auto upload_head =
    "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: "
    "100000\r\n\r\n";

Options with_floor() {
  Options options;
  options.min_rate = 10'000;
  options.rate_grace = grace;
  return options;
}

// Sends a byte every 10 ms, which is a hundredth of the floor, until an answer comes; how long that
// took.
milliseconds trickle(RawClient& client, std::string_view text) {
  const auto started = steady_clock::now();
  while (!client.has_input() && steady_clock::now() - started < 10s) {
    if (!client.send(text)) break;
    std::this_thread::sleep_for(10ms);
  }
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - started);
}

void expect_cut_off(RawClient& client, std::string_view text) {
  const auto took = trickle(client, text);
  EXPECT_GE(took, grace);
  EXPECT_LT(took, grace + soon_after);
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 408);
  EXPECT_EQ(response->problem_code(), "too_slow");
  EXPECT_EQ(response->field("retry-after"), "1");
  EXPECT_TRUE(client.closed());
}

TEST(SlowClients, ThatTrickleABodyAreCutOff) {
  TestServer server{with_floor()};
  RawClient client{server.port()};
  client.send(upload_head);
  expect_cut_off(client, "b");
  EXPECT_TRUE(server.reaches_stored_files(0));
}

TEST(SlowClients, ThatBeganFastAreCutOffNoLater) {
  TestServer server{with_floor()};
  RawClient client{server.port()};
  client.send(upload_head + std::string(90'000, 'b'));
  expect_cut_off(client, "b");
}

TEST(SlowClients, ThatTrickleChunksAreCutOff) {
  TestServer server{with_floor()};
  RawClient client{server.port()};
  client.send(
      "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
      "Transfer-Encoding: chunked\r\n\r\n");
  expect_cut_off(client, "1\r\nb\r\n");
}

TEST(SlowClients, ThatTrickleAHeaderAreCutOff) {
  TestServer server{with_floor()};
  RawClient client{server.port()};
  client.send("GET / HTTP/1.1\r\nA: ");
  expect_cut_off(client, "b");
}

TEST(SlowClients, ThatReadNothingAreCutOff) {
  TestServer server{with_floor()};
  const auto job = make_job_with_file(server, std::string(std::size_t{32} << 20U, 'x'));
  RawClient client{server.port()};
  client.send(request_text("GET", "/files/" + job.original.blob_key));
  const auto started = steady_clock::now();
  std::this_thread::sleep_for(grace / 2);
  // Stopping waits for every connection.
  server.server().stop(20s);
  EXPECT_LT(steady_clock::now() - started, grace + soon_after);
  EXPECT_FALSE(client.receive());
}

// With thrice the floor, for far longer than the grace and the time-out. It frees room in our send
// buffer more slowly than the system calls the socket writable again.
TEST(SlowClients, ThatReadAtTheFloorAreServed) {
  auto options = with_floor();
  options.write_timeout = 1s;
  TestServer server{options};
  const auto job = make_job_with_file(server, std::string(std::size_t{32} << 20U, 'x'));
  constexpr int window = 4'096;
  RawClient client{server.port(), "127.0.0.1", window};
  client.send(request_text("GET", "/files/" + job.original.blob_key));
  for (const auto started = steady_clock::now(); steady_clock::now() - started < 4s;) {
    ASSERT_TRUE(client.take(600));
    std::this_thread::sleep_for(20ms);
  }
}

TEST(SlowClients, AtTheFloorAreHeardOut) {
  TestServer server{with_floor()};
  const std::string request = form_request(file_part(pnm_picture(100, 60)));
  RawClient client{server.port()};
  // 20 kB a second, for longer than the grace.
  for (std::size_t at = 0; at < request.size(); at += 200) {
    ASSERT_TRUE(client.send(std::string_view{request}.substr(at, 200)));
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(client.receive()->status, 201);
}

steady_clock::duration median_upload(const TestServer& server) {
  const std::string request = form_request(file_part(pnm_picture(4, 3)));
  std::vector<steady_clock::duration> times(21);
  for (auto& time : times) {
    const auto started = steady_clock::now();
    const auto response = server.exchange(request);
    time = steady_clock::now() - started;
    EXPECT_EQ(response ? response->status : 0, 201);
  }
  std::ranges::sort(times);
  return times[times.size() / 2];
}

TEST(SlowClients, HoldNobodyUp) {
  TestServer server{with_floor()};
  const auto job = make_job_with_file(server, std::string(std::size_t{8} << 20U, 'x'));
  const auto usual = median_upload(server);
  std::vector<std::unique_ptr<RawClient>> slow;
  const auto started = steady_clock::now();
  for (int i = 0; i < 100; ++i) {
    slow.push_back(std::make_unique<RawClient>(server.port()));
    const auto beginnings = {std::string{upload_head}, std::string{"GET / HTTP/1.1\r\nA: "},
                             request_text("GET", "/files/" + job.original.blob_key)};
    slow.back()->send(std::data(beginnings)[i % 3]);
  }
  // Twice the usual, and what a busy machine may add to a time of a millisecond or two.
  EXPECT_LT(median_upload(server), 2 * usual + 10ms);
  for (const auto& client : slow)
    while (client->take(std::size_t{1} << 20U)) {
    }
  // With what it takes to receive what the system held of the answers.
  EXPECT_LT(steady_clock::now() - started, grace + 2 * soon_after);
}

}  // namespace
}  // namespace darkroom::http
