#include "net/ip_address.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>

namespace darkroom::net {
namespace {

std::string client_of(std::string_view text) {
  const auto address = IpAddress::parse(text);
  return address ? address->client() : "none";
}

TEST(IpAddress, OfIpv4IsAClient) {
  EXPECT_EQ(client_of("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_of("::ffff:192.0.2.1"), "192.0.2.1");
}

TEST(IpAddress, OfIpv6IsAClientWithItsWholeNetwork) {
  EXPECT_EQ(client_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(client_of("2001:db8:1:2:ffff::1"), "2001:db8:1:2::/64");
  EXPECT_EQ(client_of("2001:db8:1:3::1"), "2001:db8:1:3::/64");
}

TEST(IpAddress, IsNotReadFromAnythingElse) {
  for (const char* text : {"", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4:80",
                           "[::1]", "fe80::1%eth0", "0x7f.1", "1.2.3.4 "}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
}

bool contains(std::string_view block, std::string_view address) {
  return AddressBlock::parse(block).value().contains(IpAddress::parse(address).value());
}

TEST(AddressBlock, HasTheAddressesOfItsLength) {
  EXPECT_TRUE(contains("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(contains("192.0.2.128/25", "192.0.2.200"));
  EXPECT_FALSE(contains("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(contains("2001:db8::/32", "2001:db8:ffff::1"));
  EXPECT_FALSE(contains("2001:db8::/32", "2001:db9::"));
  EXPECT_TRUE(contains("0.0.0.0/0", "203.0.113.1"));
  EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(contains("::/0", "203.0.113.1"));
}

TEST(AddressBlock, WithoutALengthIsOneAddress) {
  EXPECT_TRUE(contains("192.0.2.1", "192.0.2.1"));
  EXPECT_TRUE(contains("192.0.2.1", "::ffff:192.0.2.1"));
  EXPECT_FALSE(contains("192.0.2.1", "192.0.2.2"));
}

TEST(AddressBlock, IsNotReadFromAnythingElse) {
  for (const char* text : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x",
                           "10.0.0.1/8", "2001:db8::/129", "/8", "proxy.example"}) {
    EXPECT_FALSE(AddressBlock::parse(text)) << text;
  }
}

TEST(AddressBlock, IsReadFromAListWithCommas) {
  const auto blocks = AddressBlock::parse_list(" 10.0.0.0/8,\t2001:db8::/32 ");
  ASSERT_TRUE(blocks);
  ASSERT_EQ(blocks->size(), 2U);
  EXPECT_TRUE(blocks->back().contains(IpAddress::parse("2001:db8::1").value()));
  EXPECT_TRUE(AddressBlock::parse_list(" ")->empty());
  EXPECT_EQ(AddressBlock::parse_list("10.0.0.0/8,,::1").error(), "");
  EXPECT_EQ(AddressBlock::parse_list("10.0.0.0/8, proxy.example").error(), "proxy.example");
}

TEST(IpAddress, IsReadFromWhatASocketConnectsTo) {
  sockaddr_in6 ipv6{};
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_addr = in6addr_loopback;
  const auto& generic = reinterpret_cast<const sockaddr&>(ipv6);
  EXPECT_EQ(IpAddress::of(generic, sizeof ipv6)->to_string(), "::1");
  EXPECT_FALSE(IpAddress::of(generic, sizeof ipv6 - 1)) << "it is cut off";
  ipv6.sin6_family = AF_UNIX;
  EXPECT_FALSE(IpAddress::of(generic, sizeof ipv6));
}

}  // namespace
}  // namespace darkroom::net
