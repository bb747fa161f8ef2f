#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tunnel/options.hpp"

namespace darkroom::tunnel {
namespace {

using ::testing::HasSubstr;

TEST(TunnelOptions, KnowWhichHostsAreThisMachineAlone) {
  for (const char* const host : {"localhost", "127.0.0.1", "127.9.9.9", "::1"})
    EXPECT_TRUE(is_loopback(host)) << host;
  for (const char* const host :
       {"", "0.0.0.0", "::", "192.0.2.1", "example.org", "localhost.example.org", "128.0.0.1"}) {
    EXPECT_FALSE(is_loopback(host)) << host;
  }
}

TEST(TunnelOptions, TakeFilesTogetherOrNotAtAll) {
  EXPECT_FALSE(tls_fault({}));
  EXPECT_FALSE(tls_fault({.ca = "a", .certificate = "c", .key = "k", .revocations = {}}));
  EXPECT_THAT(*tls_fault({.ca = "a", .certificate = "c", .key = {}, .revocations = {}}),
              HasSubstr(": node.key is not set"));
  EXPECT_THAT(*tls_fault({.ca = {}, .certificate = "c", .key = {}, .revocations = {}}),
              HasSubstr(": node.ca and node.key are not set"));
  EXPECT_THAT(*tls_fault({.ca = {}, .certificate = {}, .key = {}, .revocations = "r"}),
              HasSubstr("node.ca and node.certificate and node.key are not set"));
}

TEST(TunnelOptions, WantTlsBeyondThisMachine) {
  Options options;
  EXPECT_FALSE(exposure_fault(options, "node.host", "127.0.0.1"));
  EXPECT_THAT(
      *exposure_fault(options, "node.host", "0.0.0.0"),
      ::testing::AllOf(HasSubstr("node.host (0.0.0.0) is beyond this machine"),
                       HasSubstr("darkroom certs init"), HasSubstr("node.insecure = true")));
  options.insecure = true;
  EXPECT_FALSE(exposure_fault(options, "node.host", "0.0.0.0"));
  options.insecure = false;
  options.tls = {.ca = "a", .certificate = "c", .key = "k", .revocations = {}};
  EXPECT_FALSE(exposure_fault(options, "node.host", "0.0.0.0"));
}

}  // namespace
}  // namespace darkroom::tunnel
