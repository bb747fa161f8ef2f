#include "nodes/service_url.hpp"

#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

TEST(ServiceUrl, HasHostAndPort) {
  EXPECT_EQ(service_url("127.0.0.1", 8'000), "http://127.0.0.1:8000");
  EXPECT_EQ(service_url("pictures.example", 80), "http://pictures.example:80");
}

TEST(ServiceUrl, PutsAnIpv6AddressInBrackets) {
  EXPECT_EQ(service_url("::1", 8'000), "http://[::1]:8000");
}

TEST(ServiceUrl, SaysThatThereIsTls) {
  EXPECT_EQ(service_url("127.0.0.1", 8'443, true), "https://127.0.0.1:8443");
  EXPECT_EQ(service_url("::1", 8'443, true), "https://[::1]:8443");
}

}  // namespace
}  // namespace darkroom::nodes
