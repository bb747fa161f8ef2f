#include <gtest/gtest.h>

#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

TEST(HostileRequest, InAnUnreadBodyIsNotAnswered) {
  TestServer server;
  const std::string smuggled = request_text("GET", "/healthz");
  const std::vector<std::string> requests{
      request_text("POST", "/v1/jobs", "Content-Type: text/plain\r\n", smuggled),
      request_text("POST", "/nothing", "", smuggled), request_text("GET", "/healthz", "", smuggled),
      request_text("DELETE", "/v1/jobs/x", "", smuggled),
      request_text("GET", "/healthz", "Transfer-Encoding: chunked\r\n") + "1000\r\n" + smuggled};
  for (const std::string& request : requests) {
    SCOPED_TRACE(request);
    RawClient client{server.port()};
    client.send(request);
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->field("connection"), "close");
    client.end_sending();
    EXPECT_TRUE(client.closed());
  }
}

TEST(HostileRequest, BehindAMalformedOneIsNotAnswered) {
  TestServer server;
  const std::string next = request_text("GET", "/healthz");
  const std::vector<std::string> requests{
      "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: "
      "chunked\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x, chunked\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length : 5\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\nA: b\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "nonsense\r\n\r\n"};
  for (const std::string& request : requests) {
    SCOPED_TRACE(request);
    RawClient client{server.port()};
    client.send(request + next);
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 400) << response->body;
    EXPECT_EQ(response->problem_code(), "malformed_request");
    EXPECT_EQ(response->field("connection"), "close");
    client.end_sending();
    EXPECT_TRUE(client.closed());
  }
}

TEST(HostileRequest, WithTooMuchHeaderIsRefused) {
  TestServer server;
  std::string fields;
  for (int i = 0; i < 101; ++i)
    fields += "A: b\r\n";
  const auto many = server.exchange(request_text("GET", "/healthz", fields));
  ASSERT_TRUE(many);
  EXPECT_EQ(many->status, 431);
  EXPECT_EQ(many->problem_code(), "headers_too_large");

  const auto long_line = server.exchange(request_text("GET", "/" + std::string(9'000, 'a')));
  ASSERT_TRUE(long_line);
  EXPECT_EQ(long_line->status, 414);
  EXPECT_EQ(long_line->problem_code(), "uri_too_long");

  RawClient flood{server.port()};
  flood.send("GET / HTTP/1.1\r\n");
  const std::string field = "A: " + std::string(1'000, 'b') + "\r\n";
  for (int i = 0; i < 100 && flood.send(field); ++i) {
  }
  const auto flooded = flood.receive();
  ASSERT_TRUE(flooded);
  EXPECT_EQ(flooded->problem_code(), "headers_too_large");
}

TEST(HostileRequest, WithAnUnknownMethodIsRefused) {
  TestServer server;
  const auto response = server.exchange(request_text("BREW", "/v1/jobs"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 501);
  EXPECT_EQ(response->problem_code(), "unknown_method");
}

TEST(HostileRequest, CannotPutFieldsIntoTheAnswer) {
  TestServer server;
  const std::string evil = "a%0d%0aSet-Cookie:%20x=y";
  for (const std::string& request :
       {request_text("GET", "/" + evil), request_text("GET", "/files/uploads/x/" + evil),
        request_text("GET", "/v1/jobs/" + evil),
        request_text("GET", "/healthz", "Range: " + evil + "\r\nREMOTE_ADDR: " + evil + "\r\n")}) {
    const auto response = server.exchange(request);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->field("set-cookie"), "");
  }
}

TEST(HostileRequest, ThatIsCutOffLeavesNothing) {
  TestServer server;
  const std::string request = form_request(file_part(pnm_picture(400, 400)));
  for (const std::size_t length : {std::size_t{10}, std::size_t{200}, request.size() - 1}) {
    RawClient sender{server.port()};
    sender.send(std::string_view{request}.substr(0, length));
    // The server has read it all when it has seen the end, and answers or closes.
    sender.end_sending();
    static_cast<void>(sender.receive());
  }
  // Every connection is over when this returns, so nothing can be tidied up any more.
  server.server().stop(std::chrono::seconds{10});
  EXPECT_EQ(server.stored_files(), 0U);
  EXPECT_EQ(server.jobs().size(), 0U);
}

TEST(HostileRequest, OfAnotherVersionOfHttpIsRefused) {
  TestServer server;
  const auto response = server.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 505);
  EXPECT_EQ(response->problem_code(), "unsupported_version");
  EXPECT_TRUE(response->field("date").ends_with(" GMT"));
}

}  // namespace
}  // namespace darkroom::http
