#include "http/streamed_answer.hpp"

#include <future>
#include <semaphore>
#include <thread>

#include <gtest/gtest.h>
#include <httplib.h>

#include "tests/http/raw_client.hpp"
#include "tests/http/route_server.hpp"

// Answers that are sent piece by piece.

namespace darkroom::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Streams a piece each time that the test says so, until it says that it was the last.
class Stream : public testing::Test {
 protected:
  void answer(const httplib::Request& request, httplib::Response& response) {
    response.set_header("Content-Type", "text/event-stream");
    StreamedAnswer& stream = streamed_answer_of(request);
    began_.set_value();
    if (!stream.begin(response)) return ended_.set_value("not begun");
    while (true) {
      if (stream.stop().raised()) return ended_.set_value("stopped");
      if (stream.client_gone()) return ended_.set_value("gone");
      if (!next_.try_acquire_for(milliseconds{5})) continue;
      if (last_) return ended_.set_value("done");
      if (!stream.send(piece_)) return ended_.set_value("not taken");
    }
  }

  /// How the handler ended.
  [[nodiscard]] std::string end() {
    auto ended = ended_.get_future();
    return ended.wait_for(seconds{20}) == std::future_status::ready ? ended.get() : "never";
  }

  std::string piece_ = "piece\n";
  std::promise<void> began_;
  std::promise<std::string> ended_;
  std::counting_semaphore<> next_{0};
  std::atomic<bool> last_ = false;
  RouteServer server_{[this](Router& router) {
    router.add("GET", "/stream", Scope::read,
               [this](const httplib::Request& request, httplib::Response& response,
                      const std::string&) { answer(request, response); });
    router.add("GET", "/plain", Scope::read,
               [](const httplib::Request&, httplib::Response& response, const std::string&) {
                 response.set_content("plain", "text/plain");
               });
  }};
};

TEST_F(Stream, ComesPieceByPieceAndEndsWithTheConnection) {
  RawClient client{server_.port()};
  client.send(request_text("GET", "/stream"));
  const auto head = client.receive();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->field("content-type"), "text/event-stream");
  EXPECT_EQ(head->field("connection"), "close");
  EXPECT_NE(head->field("date"), "");
  EXPECT_EQ(head->field("content-length"), "");
  EXPECT_EQ(head->field("transfer-encoding"), "");
  for (int i = 0; i < 3; ++i) {
    next_.release();
    EXPECT_EQ(client.receive_text(piece_.size()), piece_);
    EXPECT_FALSE(client.has_input());
  }
  last_ = true;
  next_.release();
  EXPECT_EQ(end(), "done");
  // And nothing of what the library would have said.
  EXPECT_EQ(client.receive_text(1), "");
}

TEST_F(Stream, IsTheSameForAnOldClient) {
  RawClient client{server_.port()};
  client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto head = client.receive();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->field("connection"), "close");
  next_.release();
  EXPECT_EQ(client.receive_text(piece_.size()), piece_);
  last_ = true;
  next_.release();
  EXPECT_EQ(client.receive_text(1), "");
}

TEST_F(Stream, IsOnlyAHeaderForHead) {
  RawClient client{server_.port()};
  client.send(request_text("HEAD", "/stream"));
  const auto head = client.receive(true);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(end(), "not begun");
  EXPECT_TRUE(client.closed());
}

TEST_F(Stream, ReachesTheClientWholeThatHasSentMoreRequests) {
  RawClient client{server_.port()};
  client.send(request_text("GET", "/stream") + request_text("GET", "/plain"));
  ASSERT_TRUE(client.receive());
  next_.release();
  EXPECT_EQ(client.receive_text(piece_.size()), piece_);
  last_ = true;
  next_.release();
  EXPECT_EQ(client.receive_text(1), "");  // The second one has no answer, as the header said.
}

TEST_F(Stream, ComesAfterOtherRequestsOfTheConnection) {
  RawClient client{server_.port()};
  client.send(request_text("GET", "/plain") + request_text("GET", "/stream"));
  EXPECT_EQ(client.receive()->body, "plain");
  ASSERT_TRUE(client.receive());
  next_.release();
  EXPECT_EQ(client.receive_text(piece_.size()), piece_);
}

TEST_F(Stream, LearnsThatItsClientIsGone) {
  {
    RawClient client{server_.port()};
    client.send(request_text("GET", "/stream"));
    ASSERT_TRUE(client.receive());
  }
  EXPECT_EQ(end(), "gone");
}

TEST_F(Stream, LearnsThatTheServerStops) {
  RawClient client{server_.port()};
  client.send(request_text("GET", "/stream"));
  ASSERT_TRUE(client.receive());
  const auto started = std::chrono::steady_clock::now();
  server_.server().stop(seconds{60});
  EXPECT_LT(std::chrono::steady_clock::now() - started, seconds{10});
  EXPECT_EQ(end(), "stopped");
}

TEST(StreamOfALongRequest, OutlivesTheTimeOfOne) {
  Options options;
  options.request_timeout = milliseconds{200};
  options.write_timeout = milliseconds{200};
  std::promise<bool> sent;
  RouteServer server{[&](Router& router) {
                       router.add("GET", "/stream", Scope::read,
                                  [&](const httplib::Request& request, httplib::Response& response,
                                      const std::string&) {
                                    StreamedAnswer& stream = streamed_answer_of(request);
                                    bool good = stream.begin(response);
                                    for (int i = 0; i < 3; ++i) {
                                      std::this_thread::sleep_for(milliseconds{150});
                                      good = good && stream.send("x");
                                    }
                                    sent.set_value(good);
                                  });
                     },
                     nullptr, options};
  RawClient client{server.port()};
  client.send(request_text("GET", "/stream"));
  ASSERT_TRUE(client.receive());
  EXPECT_EQ(client.receive_text(3), "xxx");
  EXPECT_TRUE(sent.get_future().get());
}

TEST(StreamOfALazyReader, IsCutOff) {
  Options options;
  options.write_timeout = milliseconds{200};
  std::promise<void> refused;
  RouteServer server{[&](Router& router) {
                       router.add("GET", "/stream", Scope::read,
                                  [&](const httplib::Request& request, httplib::Response& response,
                                      const std::string&) {
                                    StreamedAnswer& stream = streamed_answer_of(request);
                                    const std::string piece(1 << 20U, 'x');
                                    bool good = stream.begin(response);
                                    while (good)
                                      good = stream.send(piece);
                                    EXPECT_FALSE(stream.send("x"));
                                    refused.set_value();
                                  });
                     },
                     nullptr, options};
  RawClient client{server.port(), "127.0.0.1", 4'096};
  client.send(request_text("GET", "/stream"));
  EXPECT_EQ(refused.get_future().wait_for(seconds{20}), std::future_status::ready);
}

}  // namespace
}  // namespace darkroom::http
