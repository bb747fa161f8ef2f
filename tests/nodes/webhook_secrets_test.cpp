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
using testing::SizeIs;

// "some more bytes that make a key." in base64.
constexpr const char* known = "whsec_c29tZSBtb3JlIGJ5dGVzIHRoYXQgbWFrZSBhIGtleS4=";

TEST(WebhookSecrets, AreMadeAsTheyAreRead) {
  const auto made = new_webhook_secret();
  const auto read = parse_webhook_secrets(made);
  ASSERT_TRUE(read) << read.error();
  ASSERT_THAT(*read, SizeIs(1));
  EXPECT_THAT(read->front(), SizeIs(32));
  EXPECT_NE(new_webhook_secret(), made);
  std::ostringstream out;
  EXPECT_EQ(run_webhook(out), 0);
  auto line = out.str();
  ASSERT_THAT(line, testing::EndsWith("\n"));
  line.pop_back();
  EXPECT_TRUE(parse_webhook_secrets(line)) << line;
}

TEST(WebhookSecrets, AreSeveralWhileTheyAreChanged) {
  const auto read = parse_webhook_secrets(std::string{known} + "  " + new_webhook_secret());
  ASSERT_TRUE(read);
  ASSERT_THAT(*read, SizeIs(2));
  EXPECT_EQ(std::string(read->front().begin(), read->front().end()),
            "some more bytes that make a key.");
}

TEST(WebhookSecrets, AreRefusedWhereTheyAreNoneWithoutBeingShown) {
  const auto short_one = "whsec_" + std::string(28, 'A');
  const auto long_one = "whsec_" + std::string(92, 'A');
  for (const std::string& text :
       {std::string{}, std::string{" "}, std::string{"secret"}, std::string{"whsec_"}, short_one,
        long_one, "whsec_" + std::string(41, 'A'), "whsec_" + std::string(43, '*') + "=",
        std::string{known} + " x"}) {
    const auto refused = parse_webhook_secrets(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_THAT(refused.error(), HasSubstr("must "));
    EXPECT_THAT(refused.error(), testing::Not(HasSubstr("AAAA")));
  }
  EXPECT_TRUE(parse_webhook_secrets("whsec_" + std::string(32, 'A')));
}

TEST(WebhookSecrets, ComeOutOfAFile) {
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "secret";
  EXPECT_THAT(webhook_secrets({.secret_file = file}).error(), HasSubstr("webhook.secret_file"));
  std::ofstream{file} << known << "\n";
  EXPECT_EQ(webhook_secrets({.secret_file = file}).value(), parse_webhook_secrets(known).value());
  EXPECT_EQ(webhook_secrets({.secret = known}).value(), parse_webhook_secrets(known).value());
  std::ofstream{file} << "rubbish";
  EXPECT_THAT(webhook_secrets({.secret_file = file}).error(), HasSubstr("must be"));
  EXPECT_THAT(webhook_secrets({}).value(), testing::IsEmpty());
}

TEST(WebhookSignature, IsThatOfStandardWebhooks) {
  // The example of the specification's own libraries.
  const auto secrets = parse_webhook_secrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();
  EXPECT_EQ(webhook_signature(secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
                              R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, HasOneForEachSecret) {
  const auto both =
      parse_webhook_secrets(std::string{known} + " whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();
  const auto one = webhook_signature({both[0]}, "id", "1", "{}");
  const auto other = webhook_signature({both[1]}, "id", "1", "{}");
  EXPECT_NE(one, other);
  EXPECT_EQ(webhook_signature(both, "id", "1", "{}"), one + " " + other);
}

}  // namespace
}  // namespace darkroom::nodes
