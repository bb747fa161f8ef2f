#include "nodes/webhook_secrets.hpp"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nodes/webhook_command.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

using testing::HasSubstr;

// "some more bytes that make a key." in base64.
constexpr const char* known = "whsec_c29tZSBtb3JlIGJ5dGVzIHRoYXQgbWFrZSBhIGtleS4=";

std::string signature(const WebhookSettings& settings) {
  return webhook_secrets(settings).value().value().sign("id", jobs::Timestamp{}, "{}");
}

TEST(WebhookSecrets, AreMadeByTheCommandAsTheyAreRead) {
  std::ostringstream out;
  EXPECT_EQ(run_webhook(out), 0);
  auto line = out.str();
  ASSERT_THAT(line, testing::EndsWith("\n"));
  line.pop_back();
  EXPECT_TRUE(webhook_secrets({.secret = line}).value());
}

TEST(WebhookSecrets, ComeOutOfAFile) {
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "secret";
  std::ofstream{file} << known << "\n";
  EXPECT_EQ(signature({.secret_file = file}), signature({.secret = known}));
  EXPECT_FALSE(webhook_secrets({}).value());
}

TEST(WebhookSecrets, AreRefusedWithTheNameOfTheSettingAndWithoutThemselves) {
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "secret";
  EXPECT_THAT(webhook_secrets({.secret_file = file}).error(), HasSubstr("webhook.secret_file"));
  std::ofstream{file} << "hunter2";
  for (const auto& settings :
       {WebhookSettings{.secret = "hunter2"}, WebhookSettings{.secret_file = file}}) {
    const auto refused = webhook_secrets(settings);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error(), HasSubstr("webhook.secret"));
    EXPECT_THAT(refused.error(), HasSubstr("darkroom webhook secret"));
    EXPECT_THAT(refused.error(), testing::Not(HasSubstr("hunter2")));
  }
}

}  // namespace
}  // namespace darkroom::nodes
