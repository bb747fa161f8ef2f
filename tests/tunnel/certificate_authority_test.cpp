#include "tunnel/certificate_authority.hpp"

#include <fstream>
#include <set>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/files/content_of.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tls/certificate_text.hpp"
#include "tunnel/tls_files.hpp"

namespace darkroom::tunnel {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

namespace fs = std::filesystem;

unsigned mode_of(const fs::path& file) {
  return static_cast<unsigned>(fs::status(file).permissions());
}

class CertificateAuthorityTest : public ::testing::Test {
 protected:
  CertificateAuthority made() { return *CertificateAuthority::init(folder_); }
  [[nodiscard]] std::string fault_of(const std::string& name) const {
    const auto material = read_tls_files({.ca = folder_ / "ca.pem",
                                          .certificate = folder_ / (name + ".pem"),
                                          .key = folder_ / (name + ".key"),
                                          .revocations = folder_ / "revoked.pem"},
                                         TlsRole::connector);
    return material ? "(none)" : material.error();
  }

  darkroom::tests::TemporaryFolder scratch_;
  fs::path folder_ = scratch_.path() / "certs";
};

TEST_F(CertificateAuthorityTest, KeepsItsKeysToItsOwner) {
  auto authority = made();
  ASSERT_TRUE(authority.issue("worker-1"));
  EXPECT_EQ(mode_of(folder_), 0700U);
  EXPECT_EQ(mode_of(folder_ / "ca.key"), 0600U);
  EXPECT_EQ(mode_of(folder_ / "worker-1.key"), 0600U);
  EXPECT_EQ(mode_of(folder_ / "ca.pem"), 0644U);
  EXPECT_EQ(mode_of(folder_ / "worker-1.pem"), 0644U);
  EXPECT_EQ(mode_of(folder_ / "revoked.pem"), 0644U);
  for (const auto& entry : fs::directory_iterator(folder_))
    EXPECT_THAT((std::set<std::string>{"ca.pem", "ca.key", "issued.txt", "revoked.pem",
                                       "worker-1.pem", "worker-1.key"}),
                ::testing::Contains(entry.path().filename().string()));
}

TEST_F(CertificateAuthorityTest, IsNotUsedWhereOthersCanReadItsKey) {
  static_cast<void>(made());
  for (const unsigned mode : {0644U, 0640U, 0602U}) {
    fs::permissions(folder_ / "ca.key", fs::perms{mode});
    const auto opened = CertificateAuthority::open(folder_);
    ASSERT_FALSE(opened) << mode;
    EXPECT_THAT(opened.error(),
                ::testing::AllOf(HasSubstr("ca.key has mode 06"), HasSubstr("chmod 600")));
  }
  fs::permissions(folder_ / "ca.key", fs::perms{0600});
  EXPECT_TRUE(CertificateAuthority::open(folder_));
}

TEST_F(CertificateAuthorityTest, IsNeverReplaced) {
  static_cast<void>(made());
  const std::string before = darkroom::tests::content_of(folder_ / "ca.key");
  const auto again = CertificateAuthority::init(folder_);
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error(), HasSubstr("ca.pem is there already"));
  fs::remove(folder_ / "ca.pem");
  EXPECT_FALSE(CertificateAuthority::init(folder_));
  EXPECT_EQ(darkroom::tests::content_of(folder_ / "ca.key"), before);
}

TEST_F(CertificateAuthorityTest, MakesCertificatesThatAreGood) {
  auto authority = made();
  const auto issued = authority.issue("worker-1.example", CertificateAuthority::Days{30});
  ASSERT_TRUE(issued) << issued.error();
  EXPECT_EQ(fault_of("worker-1.example"), "(none)");
  EXPECT_FALSE(issued->cut_short);
  EXPECT_EQ(issued->earlier, 0U);
  const auto left = issued->certificate.expires - tls::now_in_seconds();
  EXPECT_GT(left, 30 * 24h - 1min);
  EXPECT_LE(left, 30 * 24h);
}

TEST_F(CertificateAuthorityTest, MakesNoCertificateThatOutlivesIt) {
  auto authority = *CertificateAuthority::init(folder_, CertificateAuthority::Days{10});
  const auto issued = authority.issue("worker-1");
  ASSERT_TRUE(issued);
  EXPECT_TRUE(issued->cut_short);
  EXPECT_EQ(issued->certificate.expires, authority.expires());
}

TEST_F(CertificateAuthorityTest, RevokesAllCertificatesOfANameAndNoOther) {
  auto authority = made();
  const auto first = authority.issue("worker-1");
  const auto second = authority.issue("worker-1");
  ASSERT_TRUE(authority.issue("worker-2"));
  EXPECT_EQ(second->earlier, 1U);
  EXPECT_NE(first->certificate.serial, second->certificate.serial);
  auto reopened = CertificateAuthority::open(folder_);
  ASSERT_TRUE(reopened) << reopened.error();
  const auto revoked = reopened->revoke("worker-1");
  ASSERT_TRUE(revoked) << revoked.error();
  EXPECT_EQ(revoked->size(), 2U);
  EXPECT_THAT(fault_of("worker-1"), HasSubstr("is revoked"));
  EXPECT_EQ(fault_of("worker-2"), "(none)");
  EXPECT_TRUE(reopened->revoke("worker-1")->empty());
  ASSERT_TRUE(reopened->issue("worker-1"));
  EXPECT_EQ(fault_of("worker-1"), "(none)");
  const auto all = reopened->list();
  ASSERT_EQ(all->size(), 4U);
  EXPECT_TRUE(all->at(0).revoked && all->at(1).revoked);
  EXPECT_FALSE(all->at(2).revoked || all->at(3).revoked);
}

TEST_F(CertificateAuthorityTest, RefusesNamesThatCannotBe) {
  auto authority = made();
  for (const char* const name : {"", "../x", "a b", "-x", ".x", "ca", "revoked"}) {
    const auto issued = authority.issue(name);
    ASSERT_FALSE(issued) << name;
    EXPECT_THAT(issued.error(), HasSubstr("cannot be the name of a node"));
  }
  EXPECT_FALSE(authority.issue(std::string(64, 'a')));
  EXPECT_TRUE(authority.issue(std::string(63, 'a')));
  EXPECT_THAT(authority.revoke("nobody").error(), HasSubstr("no certificate was issued"));
}

TEST_F(CertificateAuthorityTest, SaysWhatIsMissingOrDamaged) {
  EXPECT_THAT(CertificateAuthority::open(folder_).error(), HasSubstr("darkroom certs init"));
  auto authority = made();
  const fs::path other = scratch_.path() / "other";
  static_cast<void>(CertificateAuthority::init(other));
  fs::copy_file(other / "ca.key", folder_ / "ca.key", fs::copy_options::overwrite_existing);
  EXPECT_THAT(CertificateAuthority::open(folder_).error(), HasSubstr("ca.key is not the key of"));
  std::ofstream{folder_ / "issued.txt"} << "# x\nwhat\n";
  EXPECT_THAT(authority.issue("worker-1").error(), HasSubstr("issued.txt:2: is damaged"));
}

TEST_F(CertificateAuthorityTest, LosesNoRecordWhenUsedByTwoAtOnce) {
  static_cast<void>(made());
  std::vector<std::thread> users;
  for (int user = 0; user < 4; ++user) {
    users.emplace_back([this, user] {
      for (int i = 0; i < 5; ++i) {
        auto authority = CertificateAuthority::open(folder_);
        EXPECT_TRUE(authority->issue(fmt::format("worker-{}-{}", user, i)));
      }
    });
  }
  for (std::thread& user : users)
    user.join();
  EXPECT_EQ(CertificateAuthority::open(folder_)->list()->size(), 20U);
}

}  // namespace
}  // namespace darkroom::tunnel
