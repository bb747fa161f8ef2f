#include <chrono>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "outbound/mail_client.hpp"
#include "tests/outbound/mail_receiver.hpp"
#include "tests/tunnel/made_certificates.hpp"

namespace darkroom::outbound {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

enum class Begin { at_once, by_starttls };

/// TLS as smtps:// has it, and by STARTTLS.
class MailTls : public testing::TestWithParam<Begin> {
 protected:
  [[nodiscard]] tests::MailReceiver::Tls tls_of(const tunnel::TlsFiles& files) const {
    return {.certificate = files.certificate,
            .key = files.key,
            .at_once = GetParam() == Begin::at_once};
  }

  /// Which believes the authority that has made these.
  [[nodiscard]] MailServer server_at(const tests::MailReceiver& receiver,
                                     const tunnel::TlsFiles& files) const {
    const std::string scheme = GetParam() == Begin::at_once ? "smtps" : "smtp";
    return {.url = scheme + "://localhost:" + std::to_string(receiver.port()),
            .from = "darkroom@example.com",
            .timeout = 5s,
            .ca_file = files.ca.string()};
  }

  static tl::expected<void, MailFailure> send(const MailServer& server) {
    return send_mail(server, {.id = "1", .to = "ann@example.com", .subject = "s", .text = "t"});
  }

  void expect_refused(const tests::MailReceiver& receiver, const MailServer& server,
                      const std::string& why) const {
    const auto sent = send(server);
    ASSERT_FALSE(sent);
    EXPECT_THAT(sent.error().message,
                StartsWith("There is no TLS connection to the mail server that can be trusted: "));
    EXPECT_THAT(sent.error().message, HasSubstr(why));
    EXPECT_FALSE(sent.error().permanent) << "the operator can mend it";
    EXPECT_TRUE(receiver.mails().empty());
  }

  tunnel::tests::MadeCertificates certificates_;
};

INSTANTIATE_TEST_SUITE_P(All, MailTls, testing::Values(Begin::at_once, Begin::by_starttls),
                         [](const auto& begin) {
                           return begin.param == Begin::at_once ? "AtOnce" : "ByStarttls";
                         });

TEST_P(MailTls, AServerWithAGoodCertificateGetsTheMail) {
  const auto files = certificates_.node("localhost");
  const tests::MailReceiver receiver{{}, tls_of(files)};
  const auto sent = send(server_at(receiver, files));
  ASSERT_TRUE(sent) << sent.error().message;
  for (int i = 0; i < 500 && receiver.mails().empty(); ++i)
    std::this_thread::sleep_for(10ms);
  ASSERT_EQ(receiver.mails().size(), 1U);
  EXPECT_TRUE(receiver.mails().front().encrypted);
}

TEST_P(MailTls, AnAuthorityThatNobodyKnowsIsNotBelieved) {
  const auto files = certificates_.node("localhost");
  const tests::MailReceiver receiver{{}, tls_of(files)};
  auto server = server_at(receiver, files);
  server.ca_file.clear();
  expect_refused(receiver, server, "certificate");
}

TEST_P(MailTls, AServerThatMailWouldGoToWithoutTlsNeedsNoAuthority) {
  const auto files = certificates_.node("elsewhere");
  const tests::MailReceiver receiver{{}, tls_of(files)};
  auto server = server_at(receiver, files);
  server.must_encrypt = false;
  expect_refused(receiver, server, "localhost");
  server.ca_file.clear();
  const auto sent = send(server);
  EXPECT_TRUE(sent) << sent.error().message;
}

TEST_P(MailTls, ACertificateForAnotherNameIsRefused) {
  const auto files = certificates_.node("elsewhere");
  const tests::MailReceiver receiver{{}, tls_of(files)};
  expect_refused(receiver, server_at(receiver, files), "localhost");
}

TEST_P(MailTls, ACertificateThatHasExpiredIsRefused) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto files = certificates_.node("localhost", now - 48h, now - 24h);
  const tests::MailReceiver receiver{{}, tls_of(files)};
  expect_refused(receiver, server_at(receiver, files), "expired");
}

}  // namespace
}  // namespace darkroom::outbound
