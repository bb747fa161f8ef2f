#include "outbound/mail_client.hpp"

#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "outbound/base64.hpp"
#include "tests/outbound/mail_receiver.hpp"

namespace darkroom::outbound {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Mail sample_mail() {
  return {.id = "0190f0c2",
          .to = "ann@example.com",
          .subject = "Job done",
          .text = ".\nA line.\n",
          .date = jobs::parse_rfc3339("2026-11-22T08:30:00.000Z").value()};
}

MailServer server_at(const tests::MailReceiver& receiver) {
  return {.url = "smtp://127.0.0.1:" + std::to_string(receiver.port()),
          .must_encrypt = false,
          .from = "darkroom@example.com",
          .timeout = 5s};
}

/// Also waits for the end of the session: the mail is there once the connection is closed.
std::vector<tests::MailReceiver::Received> mails_of(const tests::MailReceiver& receiver) {
  for (int i = 0; i < 500 && receiver.mails().empty(); ++i)
    std::this_thread::sleep_for(10ms);
  return receiver.mails();
}

TEST(MailMessageTest, HasTheHeadersThatMailNeeds) {
  EXPECT_EQ(mail_message(sample_mail(), "darkroom@example.com"),
            "Date: Sun, 22 Nov 2026 08:30:00 +0000\r\n"
            "From: darkroom@example.com\r\n"
            "To: ann@example.com\r\n"
            "Message-ID: <0190f0c2@example.com>\r\n"
            "Subject: Job done\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64\r\n"
            "\r\n"
            "LgpBIGxpbmUuCg==\r\n");
}

TEST(MailMessageTest, ASubjectOfOtherLettersAndItsLineFeedsAreEncoded) {
  Mail mail = sample_mail();
  mail.subject = "Gr\xc3\xbc\xc3\x9f\x65\r\nBcc: eve@example.com";
  const std::string message = mail_message(mail, "darkroom@example.com");
  EXPECT_THAT(message, HasSubstr("\r\nSubject: =?utf-8?B?"));
  EXPECT_THAT(message, Not(HasSubstr("\r\nBcc")));
}

TEST(MailMessageTest, NoLineIsTooLong) {
  Mail mail = sample_mail();
  mail.subject.clear();
  for (int i = 0; i < 100; ++i)
    mail.subject += "\xc3\xbc";
  mail.text = std::string(10'000, 'x');
  const std::string message = mail_message(mail, "darkroom@example.com");
  for (std::size_t begin = 0; begin < message.size();) {
    const auto end = message.find("\r\n", begin);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - begin, 78U) << message.substr(begin, end - begin);
    begin = end + 2;
  }
}

TEST(MailMessageTest, AnEncodedWordHasWholeCharacters) {
  Mail mail = sample_mail();
  mail.subject = "x";
  for (int i = 0; i < 50; ++i)
    mail.subject += "\xc3\xbc";
  const std::string message = mail_message(mail, "darkroom@example.com");
  constexpr std::string_view opening = "=?utf-8?B?";
  std::string subject;
  for (auto at = message.find(opening); at != std::string::npos; at = message.find(opening, at)) {
    at += opening.size();
    const auto bytes = from_base64(message.substr(at, message.find("?=", at) - at));
    ASSERT_TRUE(bytes);
    EXPECT_NE(bytes->front() & 0xC0U, 0x80U) << "a character is cut in two";
    subject.append(bytes->begin(), bytes->end());
  }
  EXPECT_EQ(subject, mail.subject);
}

TEST(MailAddressTest, IsOneNameAtOneHost) {
  EXPECT_TRUE(is_mail_address("ann@example.com"));
  EXPECT_TRUE(is_mail_address("ann+pictures@localhost"));
  for (const std::string& text :
       {std::string{}, std::string{"ann"}, std::string{"@example.com"}, std::string{"ann@"},
        std::string{"a@b@c"}, std::string{"ann@example.com, eve@example.com"},
        std::string{"ann@example.com\r\nBcc: eve@example.com"}, std::string{"<ann@example.com>"},
        std::string{"ann@.com"}, std::string{"\xc3\xbc@example.com"},
        std::string(300, 'a') + "@example.com"})
    EXPECT_FALSE(is_mail_address(text)) << text;
}

TEST(MailClientTest, HandsTheMailOver) {
  const tests::MailReceiver receiver;
  const auto sent = send_mail(server_at(receiver), sample_mail());
  ASSERT_TRUE(sent) << sent.error().message;
  const auto mails = mails_of(receiver);
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_THAT(mails.front().from, StartsWith("<darkroom@example.com>"));
  EXPECT_THAT(mails.front().to, StartsWith("<ann@example.com>"));
  EXPECT_EQ(mails.front().data, mail_message(sample_mail(), "darkroom@example.com"));
}

TEST(MailClientTest, TellsWhetherARefusalIsForGood) {
  for (const auto& [command, answer, permanent, status] :
       {std::tuple{"RCPT", "550 no such user", true, 550U},
        std::tuple{"RCPT", "451 come again", false, 451U},
        std::tuple{"MAIL", "421 too busy", false, 421U},
        std::tuple{"DATA", "554 no", true, 554U}}) {
    const tests::MailReceiver receiver{{{command, answer}}};
    const auto sent = send_mail(server_at(receiver), sample_mail());
    ASSERT_FALSE(sent) << answer;
    EXPECT_EQ(sent.error().permanent, permanent) << answer << ": " << sent.error().message;
    EXPECT_EQ(sent.error().status, status) << sent.error().message;
  }
}

TEST(MailClientTest, ABrokenConnectionIsNotForGood) {
  const tests::MailReceiver receiver{{{"RCPT", ""}}};
  const auto sent = send_mail(server_at(receiver), sample_mail());
  ASSERT_FALSE(sent);
  EXPECT_FALSE(sent.error().permanent) << sent.error().message;
  std::string closed;
  {
    const tests::MailReceiver gone;
    closed = server_at(gone).url;
  }
  MailServer server = server_at(receiver);
  server.url = closed;
  const auto nobody = send_mail(server, sample_mail());
  ASSERT_FALSE(nobody);
  EXPECT_FALSE(nobody.error().permanent) << nobody.error().message;
  EXPECT_EQ(nobody.error().status, 0U);
}

TEST(MailClientTest, WithoutEncryptionNothingGoesOutWhereItMustBe) {
  const tests::MailReceiver receiver;
  MailServer server = server_at(receiver);
  server.must_encrypt = true;
  const auto sent = send_mail(server, sample_mail());
  ASSERT_FALSE(sent);
  EXPECT_FALSE(sent.error().permanent);
  EXPECT_TRUE(receiver.mails().empty());
}

TEST(MailClientTest, AServerThatSaysNothingIsLeftWhenItIsTimeToStop) {
  const persistence::FileDescriptor silent{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(silent.number(), generic, length), 0);
  ASSERT_EQ(::listen(silent.number(), 4), 0);
  ASSERT_EQ(::getsockname(silent.number(), generic, &length), 0);
  const MailServer server{.url = "smtp://127.0.0.1:" + std::to_string(ntohs(address.sin_port)),
                          .must_encrypt = false,
                          .from = "darkroom@example.com",
                          .timeout = 60s};
  const auto begun = std::chrono::steady_clock::now();
  const auto sent = send_mail(server, sample_mail(), [] { return false; });
  ASSERT_FALSE(sent);
  EXPECT_TRUE(sent.error().stopped) << sent.error().message;
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 30s);
}

TEST(MailClientTest, AnAddressThatIsNoneIsRefusedForGood) {
  Mail mail = sample_mail();
  mail.to = "ann@example.com>\r\nRCPT TO:<eve@example.com";
  const auto sent = send_mail({.url = "smtp://127.0.0.1:1", .from = "a@b"}, mail);
  ASSERT_FALSE(sent);
  EXPECT_TRUE(sent.error().permanent);
}

}  // namespace
}  // namespace darkroom::outbound
