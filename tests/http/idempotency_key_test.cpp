#include "http/idempotency_key.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

TEST(IdempotencyKey, MayStandInQuotesOrNot) {
  for (const auto* field :
       {"\"8e03978e-40d5\"", "8e03978e-40d5", "  8e03978e-40d5\t", "\"8e03978e-40d5\" ;a=1"}) {
    const auto key = parse_idempotency_key(field);
    ASSERT_TRUE(key) << field;
    EXPECT_EQ(*key, "8e03978e-40d5") << field;
  }
}

TEST(IdempotencyKey, MayHaveEscapesInItsQuotes) {
  EXPECT_EQ(parse_idempotency_key(R"("a\"b\\c")").value(), R"(a"b\c)");
}

TEST(IdempotencyKey, HasAnyVisibleCharacters) {
  EXPECT_EQ(parse_idempotency_key("!a,b;c=(~)").value(), "!a,b;c=(~)");
  EXPECT_TRUE(parse_idempotency_key(std::string(255, 'k')));
  EXPECT_TRUE(parse_idempotency_key('"' + std::string(255, 'k') + '"'));
}

TEST(IdempotencyKey, IsRefusedWhereItIsNone) {
  for (const std::string& field :
       {std::string{}, std::string{"  "}, std::string{"\"\""}, std::string{"a b"},
        std::string{"\"a b\""}, std::string{"\"open"}, std::string{"\"a\"b"},
        std::string{"\"a\\n\""}, std::string{"\"a\\"}, std::string{"sch\xC3\xB6n"},
        std::string{"a\x01"}, std::string(256, 'k'), '"' + std::string(256, 'k') + '"'}) {
    const auto key = parse_idempotency_key(field);
    ASSERT_FALSE(key) << field;
    EXPECT_NE(key.error().find("1 to 255 visible ASCII characters"), std::string::npos);
    EXPECT_LT(key.error().size(), 400U);
  }
}

}  // namespace
}  // namespace darkroom::http
