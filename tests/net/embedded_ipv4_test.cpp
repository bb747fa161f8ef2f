#include "net/embedded_ipv4.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::net {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> embedded(std::string_view address) {
  std::vector<std::string> texts;
  for (const auto& found : embedded_ipv4(IpAddress::parse(address).value()))
    texts.push_back(found.to_string());
  return texts;
}

TEST(EmbeddedIpv4, IsReadWhereTheFormHasIt) {
  for (const char* address :
       {"::8.8.4.4", "::ffff:0:8.8.4.4", "64:ff9b::8.8.4.4", "2002:808:404::1",
        "2a00:1450:4001::5efe:8.8.4.4", "2a00:1450:4001::200:5efe:8.8.4.4"})
    EXPECT_THAT(embedded(address), ElementsAre("8.8.4.4")) << address;
}

TEST(EmbeddedIpv4, OfTeredoIsTheServersAndTheClients) {
  EXPECT_THAT(embedded("2001:0:808:404:0:ffff:80ff:fffe"), ElementsAre("8.8.4.4", "127.0.0.1"))
      << "the client's has its bits the other way round";
}

// RFC 6052, section 2.4 has such examples.
TEST(EmbeddedIpv4, IsWhereverANetworksOwnPrefixMayEnd) {
  for (const char* address : {"64:ff9b:1::8.8.4.4", "64:ff9b:1:808:4:400::",
                              "64:ff9b:1:ff08:8:404::", "64:ff9b:1:ffff:8:804:400:0"})
    EXPECT_THAT(embedded(address), Contains("8.8.4.4")) << address;
}

TEST(EmbeddedIpv4, IsNoAddressThatNobodyHas) {
  EXPECT_THAT(embedded("64:ff9b:1::8.8.4.4"), Not(Contains(testing::StartsWith("0."))));
}

TEST(EmbeddedIpv4, IsInNoOtherAddress) {
  for (const char* address : {"8.8.4.4", "::ffff:8.8.4.4", "::", "::1", "2606:4700::808:404",
                              "2003:808:404::1", "fd00::8.8.4.4"})
    EXPECT_THAT(embedded(address), IsEmpty()) << address;
}

}  // namespace
}  // namespace darkroom::net
