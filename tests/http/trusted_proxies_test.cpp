#include "http/trusted_proxies.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

std::string client(std::string_view peer, const std::vector<std::string_view>& forwarded_for,
                   std::string_view proxies = "10.0.0.0/8, 2001:db8::1") {
  return TrustedProxies::parse(proxies)
      .value()
      .client(net::IpAddress::parse(peer).value(), forwarded_for)
      .to_string();
}

TEST(TrustedProxies, AreBelievedWhomTheySpeakFor) {
  EXPECT_EQ(client("10.0.0.1", {"203.0.113.7"}), "203.0.113.7");
  EXPECT_EQ(client("2001:db8::1", {"2001:db8:2::9"}), "2001:db8:2::9");
  EXPECT_EQ(client("10.0.0.1", {"203.0.113.7:4711"}), "203.0.113.7");
  EXPECT_EQ(client("10.0.0.1", {"[2001:db8:2::9]:4711"}), "2001:db8:2::9");
}

TEST(TrustedProxies, AreTheOnlyOnesBelieved) {
  EXPECT_EQ(client("203.0.113.9", {"203.0.113.7"}), "203.0.113.9");
  EXPECT_EQ(client("203.0.113.9", {"203.0.113.7"}, ""), "203.0.113.9");
}

TEST(TrustedProxies, AreNotFooledByWhatTheClientWrote) {
  EXPECT_EQ(client("10.0.0.1", {"198.51.100.1, 203.0.113.7"}), "203.0.113.7");
  EXPECT_EQ(client("10.0.0.1", {"198.51.100.1", "203.0.113.7"}), "203.0.113.7");
  EXPECT_EQ(client("10.0.0.1", {"10.9.9.9, 203.0.113.7"}), "203.0.113.7");
}

TEST(TrustedProxies, MayStandInARow) {
  EXPECT_EQ(client("10.0.0.1", {"203.0.113.7, 10.0.0.3, 10.0.0.2"}), "203.0.113.7");
  EXPECT_EQ(client("10.0.0.1", {"203.0.113.7, 10.0.0.3", "10.0.0.2"}), "203.0.113.7");
  EXPECT_EQ(client("10.0.0.1", {"10.0.0.3,10.0.0.2"}), "10.0.0.3");
}

TEST(TrustedProxies, AreTheClientWhereTheyNameNone) {
  EXPECT_EQ(client("10.0.0.1", {}), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", {""}), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", {"203.0.113.7, unknown"}), "10.0.0.1");
}

TEST(TrustedProxies, AreAddressesAndBlocks) {
  EXPECT_TRUE(TrustedProxies::parse(""));
  EXPECT_TRUE(TrustedProxies::parse(" 10.0.0.0/8 ,2001:db8::/32"));
  EXPECT_EQ(TrustedProxies::parse("10.0.0.0/8, proxy.example").error(), "proxy.example");
  EXPECT_EQ(TrustedProxies::parse("10.0.0.0/8,").error(), "");
  EXPECT_EQ(TrustedProxies::parse("10.0.0.1/8").error(), "10.0.0.1/8");
}

}  // namespace
}  // namespace darkroom::http
