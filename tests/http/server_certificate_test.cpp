#include "http/server_certificate.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/test_certificate.hpp"
#include "tests/http/test_server.hpp"
#include "tests/tunnel/log_capture.hpp"

// The files by which the HTTP port proves itself: what is wrong with them is said at the start, and
// new ones are taken while it runs.

namespace darkroom::http {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using tunnel::tests::LogCapture;

namespace fs = std::filesystem;

std::string fault_of(const Options& options) {
  const auto loaded = ServerCertificate::load(options);
  return loaded ? "none" : loaded.error();
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream{file} << text;
}

TEST(ServerCertificate, IsNoneWithoutFiles) {
  const auto loaded = ServerCertificate::load(Options{});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(*loaded, nullptr);
}

TEST(ServerCertificate, IsGoodWithItsKey) {
  const TestCertificate made;
  EXPECT_EQ(fault_of(made.in()), "none");
}

TEST(ServerCertificate, NeedsBothFiles) {
  const TestCertificate made;
  auto options = made.in();
  options.tls_key.clear();
  EXPECT_EQ(fault_of(options),
            "TLS of the HTTP port needs http.tls_certificate and http.tls_key together: "
            "http.tls_key is not set");
  std::swap(options.tls_certificate, options.tls_key);
  EXPECT_THAT(fault_of(options), HasSubstr(": http.tls_certificate is not set"));
}

TEST(ServerCertificate, SaysWhichFileCannotBeRead) {
  const TestCertificate made;
  auto options = made.in();
  options.tls_certificate = "/nowhere/tls.pem";
  EXPECT_EQ(fault_of(options),
            "http.tls_certificate: /nowhere/tls.pem cannot be read: No such file or directory");
  options = made.in();
  options.tls_key = made.key().parent_path();
  fs::permissions(options.tls_key, fs::perms::owner_all);
  EXPECT_THAT(fault_of(options), AllOf(HasSubstr("http.tls_key: "), HasSubstr("is a folder")));
}

TEST(ServerCertificate, SaysWhichFileIsNoPem) {
  const TestCertificate made;
  write(made.certificate(), "hello\n");
  EXPECT_THAT(fault_of(made.in()), HasSubstr("tls.pem holds no certificate in PEM form"));
  const TestCertificate other;
  write(other.key(), "hello\n");
  EXPECT_THAT(fault_of(other.in()), HasSubstr("tls.key holds no key in PEM form"));
}

TEST(ServerCertificate, MustBeOfItsKey) {
  const TestCertificate made;
  const TestCertificate other;
  auto options = made.in();
  options.tls_key = other.key();
  EXPECT_THAT(fault_of(options),
              AllOf(HasSubstr("http.tls_key: " + other.key().string()),
                    HasSubstr("is not the key of the certificate " + made.certificate().string())));
}

TEST(ServerCertificate, HasAKeyThatOthersCannotRead) {
  const TestCertificate made;
  fs::permissions(made.key(), fs::perms::others_read, fs::perm_options::add);
  EXPECT_THAT(fault_of(made.in()), AllOf(HasSubstr("mode 0604"), HasSubstr("chmod 600")));
}

TEST(ServerCertificate, IsGoodNow) {
  const TestCertificate expired{{.begin = -48h, .end = -24h}};
  EXPECT_THAT(fault_of(expired.in()), HasSubstr("tls.pem expired on "));
  const TestCertificate early{{.begin = 24h, .end = 48h}};
  EXPECT_THAT(fault_of(early.in()), HasSubstr("tls.pem is not valid before "));
}

TEST(ServerCertificate, StopsAServerFromStartingWhereItIsBad) {
  TestCertificate made;
  made.renew({.begin = -48h, .end = -24h});
  EXPECT_THROW(TestServer{made.in()}, std::runtime_error);
}

bool trusts(const TestServer& server, const TestCertificate& certificate) {
  RawClient client{server.port()};
  return client.secure({.ca = certificate.certificate().string()}).has_value();
}

TEST(ServerCertificate, IsTakenAnewWithoutARestart) {
  TestCertificate made;
  TestServer server{made.in()};
  const LogCapture log;
  RawClient before{server.port()};
  ASSERT_TRUE(before.secure({.ca = made.certificate().string()}));
  made.renew({.begin = -1h, .end = 24h * 60});
  ASSERT_TRUE(log.wait_for("took the changed certificate of the HTTP port"));
  EXPECT_TRUE(trusts(server, made));
  // Who was there before goes on.
  before.send(request_text("GET", "/healthz"));
  EXPECT_EQ(before.receive().value_or(RawResponse{}).status, 200);
}

TEST(ServerCertificate, StaysWhereTheNewOneIsBad) {
  TestCertificate made;
  TestServer server{made.in()};
  const LogCapture log;
  const fs::path copy = made.certificate().string() + ".before";
  fs::copy_file(made.certificate(), copy);
  made.renew({.begin = -48h, .end = -24h});
  ASSERT_TRUE(
      log.wait_for("error: the changed certificate of the HTTP port is not used, the one "
                   "before stays in force: http.tls_certificate: "));
  RawClient client{server.port()};
  EXPECT_TRUE(client.secure({.ca = copy.string()}));
}

TEST(ServerCertificate, IsWarnedOfBeforeItsEnd) {
  const TestCertificate made{{.begin = -1h, .end = 24h * 13}};
  const auto loaded = ServerCertificate::load(made.in());
  ASSERT_TRUE(loaded);
  const LogCapture log;
  const auto now = std::chrono::steady_clock::now();
  (*loaded)->keep_up(now);
  EXPECT_THAT(log.text(), AllOf(HasSubstr("warning: the certificate of the HTTP port, "),
                                HasSubstr("tls.pem, expires on ")));
  const auto before = log.text();
  (*loaded)->keep_up(now + 2s);
  EXPECT_EQ(log.text(), before) << "once a day is enough";
  (*loaded)->keep_up(now + 25h);
  EXPECT_NE(log.text(), before);
}

}  // namespace
}  // namespace darkroom::http
