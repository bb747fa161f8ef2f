#include "tunnel/tls_files.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/files/content_of.hpp"
#include "tests/tunnel/made_certificates.hpp"
#include "tls/certificate_text.hpp"

namespace darkroom::tunnel::tests {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace fs = std::filesystem;

class TlsFilesTest : public ::testing::Test {
 protected:
  static std::string fault(const TlsFiles& files, TlsRole role = TlsRole::front) {
    const auto material = read_tls_files(files, role);
    return material ? "(none)" : material.error();
  }

  MadeCertificates made_;
  TlsFiles files_ = made_.node("worker-1");
};

TEST_F(TlsFilesTest, AreGoodForBothEnds) {
  EXPECT_EQ(fault(files_, TlsRole::front), "(none)");
  EXPECT_EQ(fault(files_, TlsRole::connector), "(none)");
  files_.revocations.clear();
  EXPECT_EQ(fault(files_), "(none)");
}

TEST_F(TlsFilesTest, ThatAreMissingOrEmptyAreNamed) {
  for (const auto& [member, name] : {std::pair{&TlsFiles::ca, "node.ca: "},
                                     std::pair{&TlsFiles::certificate, "node.certificate: "},
                                     std::pair{&TlsFiles::key, "node.key: "},
                                     std::pair{&TlsFiles::revocations, "node.revocations: "}}) {
    TlsFiles files = files_;
    files.*member = made_.folder() / "nowhere.pem";
    EXPECT_THAT(fault(files),
                AllOf(StartsWith(name), HasSubstr("nowhere.pem cannot be read: No such file")));
    files.*member = made_.folder() / "empty.pem";
    std::ofstream{files.*member} << "nothing\n";
    fs::permissions(files.*member, fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_THAT(fault(files), AllOf(StartsWith(name), HasSubstr("in PEM form")));
    files.*member = made_.folder();
    EXPECT_THAT(fault(files), AllOf(StartsWith(name), HasSubstr("is a folder")));
  }
}

TEST_F(TlsFilesTest, ThatAreDamagedAreNamed) {
  std::string text = darkroom::tests::content_of(files_.certificate);
  text.replace(text.size() / 2, 4, "!!!!");
  std::ofstream{files_.certificate} << text;
  EXPECT_THAT(fault(files_), HasSubstr("worker-1.pem holds a damaged certificate"));
}

TEST_F(TlsFilesTest, HaveTheKeyOfTheCertificate) {
  files_.key = made_.node("worker-2").key;
  EXPECT_THAT(fault(files_), AllOf(HasSubstr("worker-2.key is not the key of the certificate"),
                                   HasSubstr("worker-1.pem")));
}

TEST_F(TlsFilesTest, HaveAKeyThatOthersCannotRead) {
  fs::permissions(files_.key, fs::perms{0640});
  EXPECT_EQ(fault(files_), "(none)");
  for (const unsigned mode : {0644U, 0660U, 0604U}) {
    fs::permissions(files_.key, fs::perms{mode});
    EXPECT_THAT(fault(files_), AllOf(HasSubstr("worker-1.key has mode 06"), HasSubstr("chmod 600")))
        << mode;
  }
}

TEST_F(TlsFilesTest, HaveACertificateOfTheCa) {
  MadeCertificates others;
  files_.ca = others.node("worker-1").ca;
  files_.revocations.clear();
  EXPECT_THAT(fault(files_), AllOf(StartsWith("node.certificate: "),
                                   HasSubstr("was not issued by the CA of"), HasSubstr("ca.pem")));
}

TEST_F(TlsFilesTest, HaveACertificateOfNow) {
  const auto now = tls::now_in_seconds();
  EXPECT_THAT(fault(made_.node("old", now - 48h, now - 1h)),
              HasSubstr("old.pem expired on " + tls::time_text(now - 1h) + "; issue a new one"));
  EXPECT_THAT(fault(made_.node("early", now + 1h, now + 48h)),
              HasSubstr("early.pem is not valid before " + tls::time_text(now + 1h)));
}

TEST_F(TlsFilesTest, HaveAListOfRevocationsOfTheCa) {
  MadeCertificates others;
  files_.revocations = others.folder() / "revoked.pem";
  EXPECT_THAT(fault(files_), AllOf(StartsWith("node.revocations: "),
                                   HasSubstr("was not signed by the CA of node.ca")));
}

TEST_F(TlsFilesTest, HaveACertificateThatIsNotRevoked) {
  made_.revoke("worker-1");
  EXPECT_THAT(fault(files_), HasSubstr("worker-1.pem is revoked; issue a new one"));
  EXPECT_EQ(fault(made_.node("worker-1")), "(none)");
}

}  // namespace
}  // namespace darkroom::tunnel::tests
