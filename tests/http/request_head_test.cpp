#include "http/request_head.hpp"

#include <gtest/gtest.h>

#include "http/limits.hpp"

namespace darkroom::http {
namespace {

constexpr std::string_view host = "Host: a\r\n";

tl::expected<RequestHead, Problem> parse(std::string_view request_line, std::string_view fields) {
  return parse_request_head(std::string{request_line} + "\r\n" + std::string{fields} + "\r\n");
}

tl::expected<RequestHead, Problem> parse_fields(std::string_view fields) {
  return parse("POST /v1/jobs HTTP/1.1", std::string{host} + std::string{fields});
}

void expect_refused(const tl::expected<RequestHead, Problem>& head, ProblemCode code) {
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().code, code) << head.error().detail;
}

TEST(RequestHead, ParsesARequest) {
  const auto head = parse("GET /files/a?b=c HTTP/1.1", "Host: a\r\nX-Y:  some value \t\r\nE:\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->method, "GET");
  EXPECT_EQ(head->target, "/files/a?b=c");
  ASSERT_EQ(head->fields.size(), 3U);
  EXPECT_EQ(head->fields[1].name, "X-Y");
  EXPECT_EQ(head->fields[1].value, "some value");
  EXPECT_EQ(head->fields[2].value, "");
  EXPECT_EQ(head->framing, BodyFraming::none);
  EXPECT_TRUE(head->keep_alive);
}

TEST(RequestHead, NormalizesTheTarget) {
  EXPECT_EQ(parse("GET http://host:1/a?b HTTP/1.1", host)->target, "/a?b");
  EXPECT_EQ(parse("GET HTTP://host HTTP/1.1", host)->target, "/");
  EXPECT_EQ(parse("GET /a?b?c HTTP/1.1", host)->target, "/a?b%3Fc");
  EXPECT_EQ(parse("OPTIONS * HTTP/1.1", host)->target, "*");
}

TEST(RequestHead, RefusesABrokenRequestLine) {
  for (const auto* line :
       {"GET", "GET /", "GET / HTTP/2", "GET / HTTP/1.10", "GET / http/1.1", "GET /a b HTTP/1.1",
        "GET  HTTP/1.1", "GET a HTTP/1.1", "G(T / HTTP/1.1", " GET / HTTP/1.1", "GET /#x HTTP/1.1",
        "GET /\x01 HTTP/1.1", "GET http://host?x HTTP/1.1", "GET http:///x HTTP/1.1"}) {
    SCOPED_TRACE(line);
    expect_refused(parse(line, host), ProblemCode::malformed_request);
  }
  for (const auto* version : {"HTTP/2.0", "HTTP/0.9", "HTTP/1.2"}) {
    expect_refused(parse("GET / " + std::string{version}, host), ProblemCode::unsupported_version);
  }
  expect_refused(parse("BREW / HTTP/1.1", host), ProblemCode::unknown_method);
  expect_refused(parse("GET /" + std::string(9000, 'a') + " HTTP/1.1", host),
                 ProblemCode::uri_too_long);
}

TEST(RequestHead, RefusesBrokenFields) {
  for (const auto* fields : {"NoColon\r\n", "Space : a\r\n", ": a\r\n", "A: b\r\n folded\r\n",
                             "A: b\x01\r\n", "A: b\nB: c\r\n", "A: b\rB: c\r\n"}) {
    SCOPED_TRACE(fields);
    expect_refused(parse_fields(fields), ProblemCode::malformed_request);
  }
  expect_refused(parse_fields(std::string{"A: b\0c\r\n", 8}), ProblemCode::malformed_request);
}

TEST(RequestHead, LimitsTheNumberOfFields) {
  std::string fields;
  for (std::size_t i = 1; i < limits::fields; ++i)
    fields += "A: b\r\n";
  EXPECT_TRUE(parse_fields(fields));
  expect_refused(parse_fields(fields + "A: b\r\n"), ProblemCode::headers_too_large);
}

TEST(RequestHead, FindsTheLengthOfTheBody) {
  EXPECT_EQ(parse_fields("Content-Length: 12\r\n")->content_length, 12U);
  EXPECT_EQ(parse_fields("Content-Length: 12\r\n")->framing, BodyFraming::length);
  EXPECT_EQ(parse_fields("Content-Length: 0\r\n")->framing, BodyFraming::none);
  EXPECT_EQ(parse_fields("Content-Length: 5\r\ncontent-length: 5\r\n")->content_length, 5U);
  EXPECT_EQ(parse_fields("Transfer-Encoding: Chunked\r\n")->framing, BodyFraming::chunked);
}

TEST(RequestHead, RefusesTwoOpinionsAboutTheLength) {
  for (const auto* fields :
       {"Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: 5, 6\r\n",
        "Content-Length: -1\r\n", "Content-Length: +1\r\n", "Content-Length: 1x\r\n",
        "Content-Length: 0x10\r\n", "Content-Length:\r\n", "Content-Length: %35\r\n",
        "Content-Length: 99999999999999999999999\r\n", "Content-Length: 5,\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding:\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}) {
    SCOPED_TRACE(fields);
    expect_refused(parse_fields(fields), ProblemCode::malformed_request);
  }
  expect_refused(parse("POST / HTTP/1.0", "Transfer-Encoding: chunked\r\n"),
                 ProblemCode::malformed_request);
}

TEST(RequestHead, WantsOneHost) {
  expect_refused(parse("GET / HTTP/1.1", ""), ProblemCode::malformed_request);
  expect_refused(parse("GET / HTTP/1.1", "Host: a\r\nHost: b\r\n"), ProblemCode::malformed_request);
  EXPECT_TRUE(parse("GET / HTTP/1.0", ""));
}

TEST(RequestHead, KnowsWhatTheClientCallsUs) {
  EXPECT_EQ(parse("GET / HTTP/1.1", "Host: a:8000\r\n")->authority, "a:8000");
  // RFC 9112, section 3.2.2: the host in the target counts for more.
  EXPECT_EQ(parse("GET http://b/x HTTP/1.1", "Host: a\r\n")->authority, "b");
  EXPECT_EQ(parse("GET / HTTP/1.0", "")->authority, "");
}

TEST(RequestHead, KnowsWhetherTheConnectionGoesOn) {
  EXPECT_FALSE(parse_fields("Connection: Upgrade, CLOSE\r\n")->keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.0", "")->keep_alive);
  EXPECT_TRUE(parse("GET / HTTP/1.0", "Connection: Keep-Alive\r\n")->keep_alive);
  EXPECT_TRUE(parse_fields("Expect: 100-Continue\r\n")->expects_continue);
  EXPECT_FALSE(parse_fields("")->expects_continue);
}

}  // namespace
}  // namespace darkroom::http
