#include "http/service_address.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

RequestHead head_of(std::string authority, std::vector<HeaderField> fields = {}) {
  RequestHead head;
  head.authority = std::move(authority);
  head.fields = std::move(fields);
  return head;
}

TEST(ServiceAddress, IsWhatTheClientCallsUs) {
  EXPECT_EQ(service_address(head_of("localhost:8000"), "", false), "http://localhost:8000");
  EXPECT_EQ(service_address(head_of("[::1]:8000"), "", false), "http://[::1]:8000");
}

TEST(ServiceAddress, IsThePublicOneWhereThereIsOne) {
  EXPECT_EQ(service_address(head_of("10.0.0.1"), "https://pictures.example", false),
            "https://pictures.example");
}

TEST(ServiceAddress, IsEmptyWhereTheClientDoesNotSay) {
  EXPECT_EQ(service_address(head_of(""), "", false), "");
}

TEST(ServiceAddress, BelievesAProxyThatItsClientsUseTls) {
  const auto head = head_of("a.example", {{"X-Forwarded-Proto", "https"}});
  EXPECT_EQ(service_address(head, "", true), "https://a.example");
  EXPECT_EQ(service_address(head, "", false), "http://a.example");
}

TEST(ServiceAddress, IsThatOfTlsWhereTheRequestCameByIt) {
  EXPECT_EQ(service_address(head_of("a.example"), "", false, true), "https://a.example");
  // A proxy that speaks TLS to us says what its own clients speak.
  const auto plain = head_of("a.example", {{"X-Forwarded-Proto", "http"}});
  EXPECT_EQ(service_address(plain, "", true, true), "http://a.example");
  EXPECT_EQ(service_address(plain, "", false, true), "https://a.example");
}

TEST(ServiceAddress, BelievesTheProxyAndNotWhatCameToIt) {
  const auto first_forged =
      head_of("a.example", {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Proto", "http"}});
  EXPECT_EQ(service_address(first_forged, "", true), "http://a.example");
  const auto garbage = head_of("a.example", {{"X-Forwarded-Proto", "javascript:"}});
  EXPECT_EQ(service_address(garbage, "", true), "http://a.example");
}

}  // namespace
}  // namespace darkroom::http
