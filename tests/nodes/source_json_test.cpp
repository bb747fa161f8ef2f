#include "nodes/source_json.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

const std::vector<std::string> parameters{"preset", "renditions", "queue",
                                          "reuse",  "metadata",   "expires_in"};

std::string error_of(const std::string& json) {
  const auto read = read_source_request(json, parameters);
  return read ? "none" : read.error();
}

TEST(SourceJson, IsReadIntoUrlAndParameters) {
  const auto read = read_source_request(
      R"({"reuse": true, "source_url": "http:\/\/a.example/\u0061", "preset": "small",
          "queue": "1 \u00e4", "metadata": {"a": [1, 2.50, "x y", null]},
          "renditions": [ {"name": "a"} ]})",
      parameters);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->url, "http://a.example/a");
  EXPECT_THAT(read->parameters,
              ElementsAre(Pair("reuse", "true"), Pair("preset", "small"), Pair("queue", "1 \u00e4"),
                          Pair("metadata", R"({"a":[1,2.5,"x y",null]})"),
                          Pair("renditions", R"([{"name":"a"}])")));
}

TEST(SourceJson, HasASource) {
  EXPECT_EQ(error_of("{}"), "The member 'source_url' is missing; it says where the picture is.");
  EXPECT_EQ(error_of(R"({"source_url": 5})"),
            "The member 'source_url' must be a text, not a number.");
  EXPECT_EQ(error_of(R"({"source_url": null})"),
            "The member 'source_url' is null; leave it out instead.");
}

TEST(SourceJson, HasMembersOfTheirTypes) {
  const auto with = [](const std::string& member) {
    return error_of(R"({"source_url": "http://a.example/", )" + member + "}");
  };
  EXPECT_EQ(with(R"("preset": 5)"), "The member 'preset' must be a text, not a number.");
  EXPECT_EQ(with(R"("queue": ["a"])"), "The member 'queue' must be a text, not an array.");
  EXPECT_EQ(with(R"("preset": true)"), "The member 'preset' must be a text, not true.");
  EXPECT_EQ(with(R"("renditions": {})"),
            "The member 'renditions' must be an array, not an object.");
  EXPECT_EQ(with(R"("metadata": "{}")"), "The member 'metadata' must be an object, not a text.");
  EXPECT_EQ(with(R"("reuse": "true")"), "The member 'reuse' must be true or false, not a text.");
  EXPECT_EQ(with(R"("expires_in": 1.5)"),
            "The member 'expires_in' must be a text or a whole number, not a number.");
  EXPECT_EQ(with(R"("expires_in": -1)"),
            "The member 'expires_in' must be a text or a whole number, not a number.");
  EXPECT_EQ(with(R"("preset": null)"), "The member 'preset' is null; leave it out instead.");
  EXPECT_EQ(with(R"("expires_in": 60)"), "none");
  EXPECT_EQ(with(R"("expires_in": "1h", "reuse": false, "renditions": [], "metadata": {})"),
            "none");
}

TEST(SourceJson, HasNoOtherMembers) {
  EXPECT_EQ(error_of(R"({"source_ulr": "http://a.example/"})"),
            "There is no member 'source_ulr'; did you mean 'source_url'?");
  EXPECT_EQ(error_of(R"({"source_url": "http://a.example/", "perset": "x"})"),
            "There is no member 'perset'; did you mean 'preset'?");
  EXPECT_EQ(error_of(R"({"\u0001": 1})"), error_of(R"({"\u0001": 2})"));
  EXPECT_THAT(error_of("{\"" + std::string(1'000, 'z') + "\": 1}"),
              testing::SizeIs(testing::Lt(100U)));
}

TEST(SourceJson, HasEachMemberOnce) {
  EXPECT_EQ(error_of(R"({"source_url": "http://a.example/", "preset": "a", "preset": "a"})"),
            "The member 'preset' is given twice; send one.");
}

TEST(SourceJson, IsAnObject) {
  for (const char* json : {"", "[]", "\"http://a.example/\"", "null", "{", "{} {}", "{'a': 1}",
                           "{\"source_url\": \"\xff\"}", "source_url=http://a.example/"})
    EXPECT_THAT(error_of(json), HasSubstr("must be a JSON object such as")) << json;
}

TEST(SourceJson, IsNotDeep) {
  const std::string start = R"({"source_url": "http://a.example/[[[[", "metadata": {"a": )";
  const auto nested = [&](std::size_t depth) {
    return start + std::string(depth, '[') + std::string(depth, ']') + "}}";
  };
  EXPECT_EQ(error_of(nested(29)), "none");
  EXPECT_THAT(error_of(nested(40)), HasSubstr("too deep"));
  EXPECT_THAT(error_of(start + std::string(60'000, '[')), HasSubstr("too deep"));
}

}  // namespace
}  // namespace darkroom::nodes
