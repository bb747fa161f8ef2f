#include "nodes/node_name.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/files/temporary_folder.hpp"
#include "tunnel/certificate_authority.hpp"

namespace darkroom::nodes {
namespace {

TEST(NodeName, IsThatOfTheCertificateUnlessItIsGiven) {
  const tests::TemporaryFolder folder;
  auto authority = tunnel::CertificateAuthority::init(folder.path() / "certs",
                                                      tunnel::CertificateAuthority::ca_days);
  ASSERT_TRUE(authority) << authority.error();
  const auto issued = authority->issue("worker1", tunnel::CertificateAuthority::node_days);
  ASSERT_TRUE(issued) << issued.error();
  tunnel::TlsFiles files;
  files.certificate = issued->certificate_file;
  EXPECT_EQ(node_name("", files), "worker1");
  EXPECT_EQ(node_name("worker2", files), "worker2") << "for the connector to refuse";
}

TEST(NodeName, IsThatOfTheMachineWithoutACertificate) {
  EXPECT_EQ(node_name("", {}), default_node_name());
  tunnel::TlsFiles unreadable;
  unreadable.certificate = "/nowhere/worker1.pem";
  EXPECT_EQ(node_name("", unreadable), default_node_name()) << "the connector says why";
  EXPECT_TRUE(default_node_name().ends_with(std::to_string(::getpid())));
}

}  // namespace
}  // namespace darkroom::nodes
