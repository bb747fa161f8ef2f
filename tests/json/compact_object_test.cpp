#include "json/compact_object.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::json {
namespace {

using testing::HasSubstr;

constexpr std::size_t levels = 3;

TEST(CompactObjectTest, LosesItsBlanksAndNothingElse) {
  const auto object = compact_object(
      " { \"b\" : [ 1 , 2.50e1, -0, 12345678901234567890123 ],\n\t\"a\": {\"x\":null, \"y\" :true},"
      " \"a\": \"\\u00e4 \\\"\" } ",
      levels);
  ASSERT_TRUE(object) << object.error();
  EXPECT_EQ(*object,
            "{\"b\":[1,2.50e1,-0,12345678901234567890123],\"a\":{\"x\":null,\"y\":true},"
            "\"a\":\"\xc3\xa4 \\\"\"}");
}

TEST(CompactObjectTest, MayBeEmpty) {
  EXPECT_EQ(compact_object("{}", levels), "{}");
}

TEST(CompactObjectTest, IsRefusedWhereItIsAnotherValue) {
  for (const char* text : {"[]", "1", "\"text\"", "null", "true", "[{\"a\":1}]"}) {
    const auto object = compact_object(text, levels);
    ASSERT_FALSE(object) << text;
    EXPECT_EQ(object.error(), "it is JSON, but no object") << text;
  }
}

TEST(CompactObjectTest, IsRefusedWhereItIsNoJson) {
  for (const std::string& text :
       {std::string{}, std::string{"{"}, std::string{"{a:1}"}, std::string{"{\"a\":01}"},
        std::string{"{\"a\":1}{"}, std::string{"{\"a\":\"\xff\"}"}, std::string{"{\"a\":NaN}"},
        std::string{"{\"a\":1,}"}, std::string{"\0{}", 3}}) {
    const auto object = compact_object(text, levels);
    ASSERT_FALSE(object) << text;
    EXPECT_THAT(object.error(), HasSubstr("it is no JSON, from byte "));
  }
}

TEST(CompactObjectTest, IsRefusedWhereItIsTooDeep) {
  EXPECT_TRUE(compact_object("{\"a\":[{}]}", levels));
  const auto deep = compact_object("{\"a\":[{\"b\":[]}]}", levels);
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error(), "it has objects or lists more than 3 deep");
  EXPECT_FALSE(compact_object("{\"a\":" + std::string(10'000'000, '['), 1'000'000'000));
}

}  // namespace
}  // namespace darkroom::json
