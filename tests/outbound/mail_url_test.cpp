#include "outbound/mail_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::outbound {
namespace {

using testing::HasSubstr;

TEST(MailUrl, TellsWhetherTheServerIsOnThisMachine) {
  for (const char* url : {"smtp://127.0.0.1", "smtp://127.0.0.1:25", "smtp://127.3.2.1",
                          "smtp://[::1]:25", "smtp://[::ffff:127.0.0.1]", "smtp://localhost",
                          "SMTP://LocalHost:25", "smtps://localhost/name", "smtp://127.1"}) {
    const auto read = check_mail_url(url);
    ASSERT_TRUE(read) << url << " " << read.error();
    EXPECT_TRUE(read->on_this_machine) << url;
  }
  for (const char* url : {"smtp://127.example.com:25", "smtp://127.0.0.1.example.com",
                          "smtp://localhost.example.com", "smtp://128.0.0.1", "smtp://[::2]",
                          "smtps://mail.example:465", "smtp://[::ffff:10.0.0.1]"}) {
    const auto read = check_mail_url(url);
    ASSERT_TRUE(read) << url << " " << read.error();
    EXPECT_FALSE(read->on_this_machine) << url;
  }
  EXPECT_EQ(check_mail_url("smtps://mail.example:465")->host, "mail.example");
}

TEST(MailUrl, SaysWhatIsWrong) {
  const auto error = [](const char* url) { return check_mail_url(url).error(); };
  EXPECT_THAT(error("mail.example"), HasSubstr("must begin with smtp://"));
  EXPECT_THAT(error("https://mail.example"), HasSubstr("must begin with smtp://"));
  EXPECT_THAT(error("smtp://ann:hush@mail.example"), HasSubstr("email.password_file"));
  EXPECT_THAT(error("smtp://127.0.0.1@mail.example"), HasSubstr("has a user name"));
  EXPECT_THAT(error("smtp://mail.example:x"), HasSubstr("port"));
  EXPECT_THAT(error("smtp://"), HasSubstr("has no host"));
}

}  // namespace
}  // namespace darkroom::outbound
