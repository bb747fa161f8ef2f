#include "outbound/webhook_signature.hpp"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::outbound {
namespace {

using testing::HasSubstr;
using testing::Not;

// The example of the specification's libraries.
constexpr std::string_view secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

jobs::Timestamp at(std::int64_t seconds) {
  return jobs::Timestamp{std::chrono::seconds{seconds}};
}

TEST(WebhookSignatureTest, IsThatOfTheSpecification) {
  const auto secrets = WebhookSecrets::parse(secret);
  ASSERT_TRUE(secrets) << secrets.error();
  EXPECT_EQ(
      secrets->sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at(1'614'265'330), R"({"test": 2432232314})"),
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignatureTest, IsThereOfEachSecret) {
  const std::string other = new_webhook_secret();
  const auto both = WebhookSecrets::parse(std::string{secret} + "  " + other + "\n");
  const auto first = WebhookSecrets::parse(secret);
  const auto second = WebhookSecrets::parse(other);
  ASSERT_TRUE(both && first && second);
  EXPECT_EQ(both->sign("a", at(1), "b"),
            first->sign("a", at(1), "b") + " " + second->sign("a", at(1), "b"));
}

TEST(WebhookSignatureTest, DependsOnAllThatIsSigned) {
  const auto secrets = WebhookSecrets::parse(secret).value();
  const std::set<std::string> signatures{
      secrets.sign("a", at(1), "b"), secrets.sign("c", at(1), "b"), secrets.sign("a", at(2), "b"),
      secrets.sign("a", at(1), "d")};
  EXPECT_EQ(signatures.size(), 4U);
}

TEST(WebhookSignatureTest, SecretsAreRefusedWithoutBeingTold) {
  for (const std::string& text :
       {std::string{}, std::string{" "}, std::string{"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
        std::string{"whsec_"}, std::string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS"},
        std::string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa=="},
        std::string{"whsec_MfKQ9r8GKYqr_wjUPD8ILPZIo2LaLaSw"},
        std::string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2Lb"},
        "whsec_" + std::string(std::size_t{1} << 20U, 'A')}) {
    const auto secrets = WebhookSecrets::parse(text);
    ASSERT_FALSE(secrets) << text;
    EXPECT_THAT(secrets.error(), Not(HasSubstr("MfKQ")));
  }
  EXPECT_THAT(WebhookSecrets::parse(std::string{secret} + " x").error(), HasSubstr("secret 2"));
}

TEST(WebhookSignatureTest, NewSecretsAreGoodAndEachAnother) {
  const std::string first = new_webhook_secret();
  EXPECT_TRUE(WebhookSecrets::parse(first));
  EXPECT_NE(first, new_webhook_secret());
}

}  // namespace
}  // namespace darkroom::outbound
