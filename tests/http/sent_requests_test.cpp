#include "tests/http/sent_requests.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

std::string told(SentRequests& sent) {
  const auto request = sent.next();
  return request.method + " " + request.target;
}

TEST(SentRequests, AreToldApartInAnyPieces) {
  const std::string bytes =
      "\r\nPOST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 26\r\n\r\n"
      "GET /no HTTP/1.1\r\nHost\r\n\r\n"
      "GET /b?c=1 HTTP/1.1\r\nHost: x\r\n\r\n";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    SentRequests sent;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      sent.append(std::string_view{bytes}.substr(at, piece));
    EXPECT_EQ(told(sent), "POST /a") << piece;
    EXPECT_EQ(told(sent), "GET /b?c=1") << piece;
    EXPECT_EQ(told(sent), " ") << piece;
  }
}

TEST(SentRequests, AreToldApartBehindChunksToo) {
  const std::string bytes =
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "1A;name=value\r\nGET /no HTTP/1.1\r\nHost\r\n\r\n\r\n0\r\nTrailer: x\r\n\r\n"
      "GET /b HTTP/1.1\r\nHost: x\r\n\r\n";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    SentRequests sent;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      sent.append(std::string_view{bytes}.substr(at, piece));
    EXPECT_EQ(told(sent), "POST /a") << piece;
    EXPECT_EQ(told(sent), "GET /b") << piece;
    EXPECT_EQ(told(sent), " ") << piece;
  }
}

TEST(SentRequests, AreUnknownBehindABrokenChunkUntilItsAnswer) {
  SentRequests sent;
  sent.append(
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"
      "GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(told(sent), "POST /a");
  EXPECT_EQ(told(sent), " ");
}

TEST(SentRequests, AreUnknownWhereTheyCannotBeRead) {
  SentRequests sent;
  sent.append("GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(told(sent), " ");
  EXPECT_EQ(told(sent), " ");
}

}  // namespace
}  // namespace darkroom::http
