#include "http/traffic.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/pictures.hpp"
#include "tests/http/raw_client.hpp"
#include "tests/http/test_server.hpp"

// What /metrics tells of the server itself. Each question goes on the connection of the one before,
// so that by then that one is counted.

namespace darkroom::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class TrafficTest : public testing::Test {
 protected:
  [[nodiscard]] RawResponse ask(std::string_view request, bool head = false) {
    EXPECT_TRUE(client_.send(request));
    return client_.receive(head).value_or(RawResponse{});
  }

  [[nodiscard]] std::string metrics() { return ask(request_text("GET", "/metrics")).body; }

  /// The value of a metric, by all that stands before it.
  [[nodiscard]] double value(const std::string& series) {
    const auto text = metrics();
    const auto found = text.find("\n" + series + " ");
    return found == std::string::npos ? -1 : std::stod(text.substr(found + series.size() + 2));
  }

  TestServer server_;
  RawClient client_{server_.port()};
};

std::string requests(const std::string& route, const std::string& method,
                     const std::string& status) {
  return "darkroom_http_requests_total{route=\"" + route + "\",method=\"" + method +
         "\",status=\"" + status + "\"}";
}

TEST_F(TrafficTest, CountsRequestsByThePatternOfTheirRoute) {
  EXPECT_EQ(ask(request_text("GET", "/v1/jobs/nonsense")).status, 404);
  EXPECT_EQ(ask(request_text("GET", "/v1/jobs/other")).status, 404);
  EXPECT_EQ(ask(request_text("HEAD", "/v1/jobs/other"), true).status, 404);
  EXPECT_EQ(ask(request_text("GET", "/healthz")).status, 200);
  const auto text = metrics();
  EXPECT_THAT(text, AllOf(HasSubstr(requests("/v1/jobs/{id}", "GET", "404") + " 2\n"),
                          HasSubstr(requests("/v1/jobs/{id}", "HEAD", "404") + " 1\n"),
                          HasSubstr(requests("/healthz", "GET", "200") + " 1\n"),
                          Not(HasSubstr("nonsense"))));
  EXPECT_THAT(text, HasSubstr("darkroom_http_request_duration_seconds_count{route=\"/v1/jobs/"
                              "{id}\",method=\"GET\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("darkroom_http_request_duration_seconds_bucket{route=\"/v1/jobs/"
                              "{id}\",method=\"GET\",le=\"+Inf\"} 2\n"));
}

TEST_F(TrafficTest, HasOneNameForAllThatIsNowhere) {
  EXPECT_EQ(ask(request_text("GET", "/wp-login.php")).status, 404);
  EXPECT_EQ(ask(request_text("GET", "/other")).status, 404);
  EXPECT_EQ(ask(request_text("DELETE", "/healthz")).status, 405);
  const auto text = metrics();
  EXPECT_THAT(text, AllOf(HasSubstr(requests("none", "GET", "404") + " 2\n"),
                          HasSubstr(requests("none", "DELETE", "405") + " 1\n"),
                          Not(HasSubstr("wp-login"))));
}

TEST_F(TrafficTest, CountsWhatIsRefusedBeforeItIsRouted) {
  EXPECT_EQ(exchange(server_.port(), "NONSENSE\r\n\r\n")->status, 400);
  EXPECT_EQ(exchange(server_.port(), "GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n")->status,
            421);
  const auto text = metrics();
  EXPECT_THAT(text, AllOf(HasSubstr(requests("none", "other", "400") + " 1\n"),
                          HasSubstr(requests("none", "GET", "421") + " 1\n")));
}

TEST_F(TrafficTest, CountsBytesBothWays) {
  const auto received = value("darkroom_http_received_bytes_total");
  const auto sent = value("darkroom_http_sent_bytes_total");
  const auto picture = form_request(file_part(pnm_picture(300, 200)));
  const auto made = ask(picture);
  ASSERT_EQ(made.status, 201) << made.body;
  const auto more = value("darkroom_http_received_bytes_total") - received;
  EXPECT_GE(more, static_cast<double>(picture.size()));
  EXPECT_LE(more, static_cast<double>(picture.size()) + 1'000);
  EXPECT_GE(value("darkroom_http_sent_bytes_total") - sent, static_cast<double>(made.body.size()));
}

TEST_F(TrafficTest, TellsWhatIsOpenNow) {
  EXPECT_EQ(value("darkroom_http_connections"), 1);
  EXPECT_EQ(value("darkroom_http_requests_in_flight"), 1) << "the one that asks";
  EXPECT_EQ(value("darkroom_http_connections_limit"), 2'048);
  RawClient follower{server_.port()};
  follower.send(request_text("GET", "/v1/events"));
  ASSERT_NE(follower.receive_text(8), "");
  EXPECT_EQ(value("darkroom_http_connections"), 2);
  EXPECT_EQ(value("darkroom_http_requests_in_flight"), 2);
}

TEST(Traffic, CountsAStatusThatNobodyKnowsAsAnother) {
  Traffic traffic;
  traffic.set_routes({{.method = "GET", .pattern = "/a"}});
  traffic.answered({.route = 0, .method = "GET", .status = 299});
  traffic.answered({.route = 7, .method = "BREW", .status = 0});
  const auto figures = traffic.figures();
  EXPECT_EQ(figures.requests, 2U);
  ASSERT_EQ(figures.routes.size(), 2U);
  EXPECT_EQ(figures.routes.front().statuses.front().first, "other");
  EXPECT_EQ(figures.routes.back().method, "other");
  EXPECT_EQ(figures.routes.back().route, "");
}

TEST(Traffic, CountsConnectionsThatFoundNoPlace) {
  Options options;
  options.max_connections = 1;
  TestServer server{options};
  RawClient first{server.port()};
  first.send(request_text("POST", "/v1/jobs",
                          "Content-Length: 9\r\nContent-Type: image/jpeg\r\n"
                          "Expect: 100-continue\r\n"));
  // Now it has a request under way, and makes no room for another.
  ASSERT_EQ(first.receive_text(25), "HTTP/1.1 100 Continue\r\n\r\n");
  RawClient second{server.port()};
  second.send(request_text("GET", "/healthz"));
  ASSERT_EQ(second.receive().value_or(RawResponse{}).status, 503);
  first.send("123456789");
  EXPECT_EQ(first.receive().value_or(RawResponse{}).status, 415);
  first.send(request_text("GET", "/metrics"));
  EXPECT_THAT(first.receive().value_or(RawResponse{}).body,
              HasSubstr("darkroom_http_connections_refused_total 1\n"));
}

}  // namespace
}  // namespace darkroom::http
