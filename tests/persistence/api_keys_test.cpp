#include "persistence/api_keys.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::persistence {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr jobs::Timestamp now{std::chrono::milliseconds{1'795'000'000'123}};

ApiKeys two_keys() {
  auto one = make_api_key("the \"web\" server", KeyScope::write, "", now).stored;
  auto other = make_api_key("Grüße", KeyScope::admin, "shop", now).stored;
  other.revoked_at = now + std::chrono::seconds{5};
  return {one, other};
}

TEST(ApiKeys, AKeyNamesItsIdAndIsKnownAgain) {
  const auto made = make_api_key("web", KeyScope::write, "", now);
  EXPECT_THAT(made.secret, MatchesRegex("dk_[0-9a-f]{12}_[-_A-Za-z0-9]{43}"));
  EXPECT_EQ(id_of_api_key(made.secret), made.stored.id);
  EXPECT_EQ(made.stored.tenant, made.stored.id);
  EXPECT_EQ(made.stored.created_at, now);
  EXPECT_TRUE(is_api_key(made.stored, made.secret));
  EXPECT_EQ(make_api_key("web", KeyScope::write, "shop", now).stored.tenant, "shop");
}

TEST(ApiKeys, NoOtherTextIsThatKey) {
  const auto made = make_api_key("web", KeyScope::write, "", now);
  for (std::size_t i = 0; i < made.secret.size(); ++i) {
    auto changed = made.secret;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(is_api_key(made.stored, changed)) << i;
  }
  EXPECT_FALSE(is_api_key(made.stored, ""));
  EXPECT_FALSE(is_api_key(made.stored, made.stored.sha256)) << "who reads the store has no key";
}

TEST(ApiKeys, NoTwoAreEqual) {
  std::set<std::string> ids;
  std::set<std::string> secrets;
  for (int i = 0; i < 100; ++i) {
    const auto made = make_api_key("web", KeyScope::read, "", now);
    ids.insert(made.stored.id);
    secrets.insert(made.secret.substr(16));
  }
  EXPECT_EQ(ids.size(), 100U);
  EXPECT_EQ(secrets.size(), 100U);
}

TEST(ApiKeys, WhatHasNotTheirFormHasNoId) {
  const auto secret = make_api_key("web", KeyScope::write, "", now).secret;
  EXPECT_FALSE(id_of_api_key(""));
  EXPECT_FALSE(id_of_api_key("one"));
  EXPECT_FALSE(id_of_api_key(secret.substr(1)));
  EXPECT_FALSE(id_of_api_key(secret + "a"));
  EXPECT_FALSE(id_of_api_key("DK_" + secret.substr(3)));
  EXPECT_FALSE(id_of_api_key("dk_g" + secret.substr(4)));
  EXPECT_FALSE(id_of_api_key(secret.substr(0, 15) + "-" + secret.substr(16)));
  EXPECT_FALSE(id_of_api_key(secret.substr(0, 20) + "\n" + secret.substr(21)));
}

TEST(ApiKeys, RoundTripKeepsEveryKey) {
  const auto keys = two_keys();
  EXPECT_EQ(decode_api_keys(encode_api_keys(keys)), keys);
  EXPECT_EQ(decode_api_keys(encode_api_keys({})), ApiKeys{});
  EXPECT_EQ(decode_api_keys(""), ApiKeys{});
}

TEST(ApiKeys, TheSecretIsNotKept) {
  const auto made = make_api_key("web", KeyScope::write, "", now);
  EXPECT_THAT(encode_api_keys({made.stored}), Not(HasSubstr(made.secret.substr(16))));
}

TEST(ApiKeys, RefusesWhatItCannotRead) {
  auto damaged = encode_api_keys(two_keys());
  const auto at = damaged.find("\"revoked_at\":\"") + 14;
  damaged.replace(at, 4, "20x6");
  for (const auto& text :
       {std::string{"{"}, std::string{"[]"}, std::string{"{}"}, std::string{R"({"schema":1})"},
        std::string{R"({"schema":1,"keys":[7]})"},
        std::string{R"({"schema":1,"keys":[{"id":"a"}]})"}, damaged}) {
    EXPECT_FALSE(decode_api_keys(text)) << text;
  }
  EXPECT_THAT(decode_api_keys(R"({"schema":2})").error(), HasSubstr("newer"));
}

TEST(ApiKeys, EachTextHasAVersionOfItsOwn) {
  const auto keys = two_keys();
  const auto version = version_of_api_keys(encode_api_keys(keys));
  EXPECT_EQ(version_of_api_keys(encode_api_keys(keys)), version);
  EXPECT_NE(version_of_api_keys(encode_api_keys({keys.front()})), version);
  EXPECT_NE(version_of_api_keys(""), version);
  EXPECT_NE(version_of_api_keys(""), 0U);
}

TEST(ApiKeys, NamesAreShortAndReadable) {
  EXPECT_EQ(fault_of_key_name("the web server"), "");
  EXPECT_EQ(fault_of_key_name(std::string(100, 'x')), "");
  for (const auto& name : {std::string{}, std::string(101, 'x'), std::string{"a\nb"},
                           std::string{"\xFF"}, std::string{"a\x7F"}}) {
    EXPECT_NE(fault_of_key_name(name), "") << name;
  }
  EXPECT_EQ(fault_of_tenant("shop-1_b.c"), "");
  for (const auto& tenant : {std::string{}, std::string(65, 'x'), std::string{"a b"},
                             std::string{"a/b"}, std::string{"ü"}}) {
    EXPECT_NE(fault_of_tenant(tenant), "") << tenant;
  }
}

TEST(ApiKeys, ScopesHaveNames) {
  for (const auto scope : {KeyScope::read, KeyScope::write, KeyScope::admin})
    EXPECT_EQ(parse_key_scope(to_string(scope)), scope);
  EXPECT_FALSE(parse_key_scope("root"));
}

}  // namespace
}  // namespace darkroom::persistence
