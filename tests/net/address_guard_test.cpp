#include "net/address_guard.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace darkroom::net {
namespace {

AddressGuard allowing(std::string_view blocks) {
  return AddressGuard{AddressBlock::parse_list(blocks).value()};
}

std::string refusal(std::string_view address, const AddressGuard& guard = {}) {
  return std::string{guard.refusal(IpAddress::parse(address).value()).value_or("none")};
}

struct Refused {
  const char* address;
  const char* why;
};

void PrintTo(const Refused& refused, std::ostream* out) {
  *out << refused.address;
}

class AddressGuardOf : public testing::TestWithParam<Refused> {};

TEST_P(AddressGuardOf, RefusesWhatIsNotPublic) {
  EXPECT_EQ(refusal(GetParam().address), GetParam().why);
}

// The first and the last address of each block.
INSTANTIATE_TEST_SUITE_P(
    Ipv4, AddressGuardOf,
    testing::Values(
        Refused{"0.0.0.0", "this network"}, Refused{"0.255.255.255", "this network"},
        Refused{"10.0.0.0", "private"}, Refused{"10.255.255.255", "private"},
        Refused{"100.64.0.0", "shared by a carrier's customers"},
        Refused{"100.100.100.200", "shared by a carrier's customers"},
        Refused{"100.127.255.255", "shared by a carrier's customers"},
        Refused{"127.0.0.1", "loopback"}, Refused{"127.255.255.255", "loopback"},
        Refused{"168.63.129.16", "a cloud's own"}, Refused{"169.254.0.0", "link-local"},
        Refused{"169.254.169.254", "link-local"}, Refused{"169.254.255.255", "link-local"},
        Refused{"172.16.0.0", "private"}, Refused{"172.31.255.255", "private"},
        Refused{"192.0.0.0", "for protocols"}, Refused{"192.0.0.192", "for protocols"},
        Refused{"192.0.2.0", "for documentation"}, Refused{"192.0.2.255", "for documentation"},
        Refused{"192.31.196.1", "for protocols"}, Refused{"192.52.193.1", "for protocols"},
        Refused{"192.88.99.1", "a relay to IPv6"}, Refused{"192.168.0.0", "private"},
        Refused{"192.168.255.255", "private"}, Refused{"192.175.48.1", "for protocols"},
        Refused{"198.18.0.0", "for benchmarks"}, Refused{"198.19.255.255", "for benchmarks"},
        Refused{"198.51.100.1", "for documentation"}, Refused{"203.0.113.1", "for documentation"},
        Refused{"224.0.0.1", "multicast"}, Refused{"239.255.255.255", "multicast"},
        Refused{"240.0.0.0", "reserved"}, Refused{"255.255.255.254", "reserved"},
        Refused{"255.255.255.255", "broadcast"}));

INSTANTIATE_TEST_SUITE_P(
    Ipv6, AddressGuardOf,
    testing::Values(Refused{"::", "unspecified"}, Refused{"::1", "loopback"},
                    Refused{"100::1", "discard-only"}, Refused{"100:0:0:1::1", "reserved"},
                    Refused{"2001:1::1", "for protocols"}, Refused{"2001:2::1", "for benchmarks"},
                    Refused{"2001:10::1", "for protocols"}, Refused{"2001:20::1", "for protocols"},
                    Refused{"2001:1ff:ffff::1", "for protocols"},
                    Refused{"2001:db8::1", "for documentation"},
                    Refused{"2620:4f:8000::1", "for protocols"}, Refused{"3ffe::1", "reserved"},
                    Refused{"3fff::1", "for documentation"},
                    Refused{"3fff:fff:ffff::1", "for documentation"},
                    Refused{"4000::1", "reserved"}, Refused{"5f00::1", "for segment routing"},
                    Refused{"fc00::1", "private"}, Refused{"fd00:ec2::254", "private"},
                    Refused{"fe00::1", "reserved"}, Refused{"fe80::1", "link-local"},
                    Refused{"febf::1", "link-local"}, Refused{"fec0::1", "site-local"},
                    Refused{"feff::1", "site-local"}, Refused{"ff02::1", "multicast"}));

// Whether the address of IPv4 in it is public or not: who it reaches depends on the network.
INSTANTIATE_TEST_SUITE_P(
    Ipv4InIpv6, AddressGuardOf,
    testing::Values(
        Refused{"::ffff:127.0.0.1", "loopback"}, Refused{"::ffff:10.0.0.1", "private"},
        Refused{"::ffff:169.254.169.254", "link-local"}, Refused{"::127.0.0.1", "IPv4 in IPv6"},
        Refused{"::8.8.8.8", "IPv4 in IPv6"}, Refused{"::ffff:0:127.0.0.1", "IPv4 in IPv6"},
        Refused{"64:ff9b::127.0.0.1", "IPv4 in IPv6"}, Refused{"64:ff9b::8.8.8.8", "IPv4 in IPv6"},
        Refused{"64:ff9b:1::10.0.0.1", "IPv4 in IPv6"},
        Refused{"64:ff9b:1:ffff:ffff:ffff:8.8.8.8", "IPv4 in IPv6"},
        Refused{"2002:7f00:1::", "IPv4 in IPv6"}, Refused{"2002:808:808::1", "IPv4 in IPv6"},
        Refused{"2001:0:808:808:0:ffff:80ff:fffe", "IPv4 in IPv6"},
        Refused{"2a00:1450:4001::5efe:127.0.0.1", "IPv4 in IPv6"},
        Refused{"2a00:1450:4001::200:5efe:10.0.0.1", "IPv4 in IPv6"},
        Refused{"2a00:1450:4001::5efe:8.8.8.8", "IPv4 in IPv6"}));

TEST(AddressGuard, LetsThroughWhatIsPublic) {
  for (const char* address : {"1.1.1.1",
                              "8.8.8.8",
                              "9.255.255.255",
                              "11.0.0.0",
                              "100.63.255.255",
                              "100.128.0.0",
                              "126.255.255.255",
                              "128.0.0.0",
                              "168.63.129.17",
                              "169.253.255.255",
                              "172.15.255.255",
                              "172.32.0.0",
                              "192.0.1.0",
                              "192.167.255.255",
                              "192.169.0.0",
                              "198.17.255.255",
                              "198.20.0.0",
                              "223.255.255.255",
                              "::ffff:8.8.8.8",
                              "2001:200::1",
                              "2001:4860:4860::8888",
                              "2001:db7::1",
                              "2003::1",
                              "2606:4700:4700::1111",
                              "2a00:1450:4001::5eff:1"})
    EXPECT_EQ(refusal(address), "none") << address;
}

TEST(AddressGuard, LetsThroughWhatIsAllowedAndNothingBeside) {
  const auto guard = allowing("127.0.0.1, 10.1.0.0/16, fd00:1::/32");
  for (const char* address : {"127.0.0.1", "::ffff:127.0.0.1", "10.1.255.255", "fd00:1::5"})
    EXPECT_EQ(refusal(address, guard), "none") << address;
  EXPECT_EQ(refusal("127.0.0.2", guard), "loopback");
  EXPECT_EQ(refusal("10.2.0.0", guard), "private");
  EXPECT_EQ(refusal("fd00:2::5", guard), "private");
  EXPECT_EQ(refusal("::1", guard), "loopback");
}

TEST(AddressGuard, RefusesWhatIsDeniedWhateverElseItIs) {
  const AddressGuard guard{
      AddressBlock::parse_list("127.0.0.0/8, 2001:4860::/32").value(),
      AddressBlock::parse_list("127.0.0.2, 8.8.0.0/16, 2001:4860:1::/48").value()};
  for (const char* address : {"127.0.0.2", "::ffff:127.0.0.2", "8.8.255.1", "2001:4860:1::5"})
    EXPECT_EQ(refusal(address, guard), "denied") << address;
  for (const char* address : {"127.0.0.1", "8.9.0.1", "2001:4860::1"})
    EXPECT_EQ(refusal(address, guard), "none") << address;
  EXPECT_EQ(refusal("10.0.0.1", guard), "private");
}

// Whoever opens the guard for a translator still wants nobody to get around what is denied.
TEST(AddressGuard, RefusesWhatIsDeniedWithinIpv6Too) {
  const AddressGuard guard{AddressBlock::parse_list("::/0").value(),
                           AddressBlock::parse_list("8.8.0.0/16").value()};
  for (const char* address :
       {"::8.8.4.4", "::ffff:8.8.4.4", "::ffff:0:8.8.4.4", "64:ff9b::8.8.4.4", "64:ff9b:1::8.8.4.4",
        "2002:808:404::1", "2001:0:808:404:0:ffff:80ff:fffe", "2001:0:102:304:0:ffff:f7f7:fbfb",
        "2a00:1450:4001::5efe:8.8.4.4"})
    EXPECT_EQ(refusal(address, guard), "denied") << address;
  for (const char* address : {"64:ff9b::8.9.4.4", "2002:809:404::1", "::8.9.4.4", "::1"})
    EXPECT_EQ(refusal(address, guard), "none") << address;
}

TEST(AddressGuard, ABlockOfIpv6MayBeDeniedAsItIsWritten) {
  const AddressGuard guard{AddressBlock::parse_list("::/0").value(),
                           AddressBlock::parse_list("64:ff9b::/96").value()};
  EXPECT_EQ(refusal("64:ff9b::9.9.9.9", guard), "denied");
  EXPECT_EQ(refusal("9.9.9.9", guard), "none");
}

TEST(AddressGuard, RefusesTheMachinesOwnAddressesWithinIpv6Too) {
  const auto own = [] { return std::vector{IpAddress::parse("8.8.4.4").value()}; };
  const AddressGuard guard{AddressBlock::parse_list("64:ff9b::/96, 2002::/16").value(), {}, own};
  EXPECT_EQ(refusal("64:ff9b::8.8.4.4", guard), "this machine's own");
  EXPECT_EQ(refusal("2002:808:404::1", guard), "this machine's own");
  EXPECT_EQ(refusal("64:ff9b::8.8.4.5", guard), "none");
  const AddressGuard open{AddressBlock::parse_list("64:ff9b::/96, 8.8.4.4").value(), {}, own};
  EXPECT_EQ(refusal("64:ff9b::8.8.4.4", open), "none") << "both are allowed";
}

TEST(AddressGuard, RefusesTheMachinesOwnAddressesAsTheyAreThen) {
  std::vector<IpAddress> own;
  const AddressGuard guard{AddressBlock::parse_list("9.9.9.9").value(), {}, [&own] { return own; }};
  EXPECT_EQ(refusal("8.8.8.8", guard), "none");
  for (const char* address : {"8.8.8.8", "2001:4860::1", "9.9.9.9"})
    own.push_back(IpAddress::parse(address).value());
  EXPECT_EQ(refusal("8.8.8.8", guard), "this machine's own");
  EXPECT_EQ(refusal("::ffff:8.8.8.8", guard), "this machine's own");
  EXPECT_EQ(refusal("2001:4860::1", guard), "this machine's own");
  EXPECT_EQ(refusal("9.9.9.9", guard), "none") << "it is allowed";
  EXPECT_EQ(refusal("8.8.4.4", guard), "none");
}

TEST(AddressGuard, KnowsTheAddressesOfTheInterfaces) {
  // That of the loopback interface, if it is up, and never one that is nobody's.
  const auto own = own_addresses();
  EXPECT_EQ(std::ranges::count(own, IpAddress::parse("192.0.2.77").value()), 0);
  EXPECT_LE(std::ranges::count(own, IpAddress::parse("127.0.0.1").value()), 1);
  EXPECT_FALSE(own.empty());
}

TEST(AddressGuard, TellsTheWholeOfIpv6FromIpv4InIt) {
  const auto guard = allowing("::/0");
  EXPECT_EQ(refusal("fd00::1", guard), "none");
  EXPECT_EQ(refusal("127.0.0.1", guard), "none") << "::/0 has ::ffff:0:0/96";
  EXPECT_EQ(refusal("::1", allowing("0.0.0.0/0")), "loopback");
}

}  // namespace
}  // namespace darkroom::net
