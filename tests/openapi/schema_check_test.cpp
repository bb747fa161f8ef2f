#include "tests/openapi/schema_check.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

namespace darkroom::openapi {
namespace {

using testing::HasSubstr;

std::string complaint(const std::string& value, const std::string& schema) {
  rapidjson::Document document;
  document.Parse(R"({"named":{"type":"string"}})");
  rapidjson::Document parsed_value;
  parsed_value.Parse(value.c_str());
  rapidjson::Document parsed_schema;
  parsed_schema.Parse(schema.c_str());
  return complaint_about(parsed_value, parsed_schema, document);
}

TEST(SchemaCheck, TakesWhatIsDescribed) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"1", R"({"type":"integer","minimum":1,"maximum":1})"},
      {"18446744073709551615", R"({"type":"integer"})"},
      {"null", R"({"type":["string","null"],"format":"uuid","maxLength":1})"},
      {R"("a")", R"({"type":"string","enum":["b","a"]})"},
      {R"("a")", R"({"$ref":"#/named"})"},
      {R"("01a1fee2-8bfb-7164-a23b-acb588fc2f5d")", R"({"format":"uuid"})"},
      {R"("2026-11-21T16:13:42.276Z")", R"({"format":"date-time"})"},
      {R"("/files/a%20b?expires=1")", R"({"format":"uri-reference"})"},
      {R"({"a":1})", R"({"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],)"
                     R"("additionalProperties":false})"},
      {R"({"b":"x"})", R"({"type":"object","additionalProperties":{"type":"string"}})"},
      {"[1,2]", R"({"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":2})"},
      {"1", R"({"anyOf":[{"type":"string"},{"type":"integer"}]})"},
      {R"({})", R"({"minProperties":0,"description":"any"})"}};
  for (const auto& [value, schema] : cases)
    EXPECT_EQ(complaint(value, schema), "") << value << schema;
}

TEST(SchemaCheck, SeesWhatIsNot) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"1.5", R"({"type":"integer"})"},
      {"0", R"({"minimum":1})"},
      {"2", R"({"maximum":1})"},
      {"1", R"({"type":["string","null"]})"},
      {R"("c")", R"({"enum":["b","a"]})"},
      {"1", R"({"$ref":"#/named"})"},
      {R"("abc")", R"({"maxLength":2})"},
      {R"("abc")", R"({"pattern":"^[0-9]*$"})"},
      {R"("01a1fee2")", R"({"format":"uuid"})"},
      {R"("2026-11-21 16:13")", R"({"format":"date-time"})"},
      {R"("a b")", R"({"format":"uri-reference"})"},
      {R"({"a":"x"})", R"({"properties":{"a":{"type":"integer"}}})"},
      {"{}", R"({"required":["a"]})"},
      {R"({"b":1})", R"({"properties":{"a":{}},"additionalProperties":false})"},
      {R"({"b":1})", R"({"additionalProperties":{"type":"string"}})"},
      {R"({"b":1})", R"({"maxProperties":0})"},
      {"{}", R"({"minProperties":1})"},
      {"[1]", R"({"items":{"type":"string"}})"},
      {"[1]", R"({"minItems":2})"},
      {"[1]", R"({"maxItems":0})"},
      {"1", R"({"allOf":[{"type":"integer"},{"minimum":2}]})"},
      {"1", R"({"anyOf":[{"type":"string"},{"minimum":2}]})"},
      {"1", R"({"multipleOf":1})"}};
  for (const auto& [value, schema] : cases)
    EXPECT_NE(complaint(value, schema), "") << value << schema;
}

TEST(SchemaCheck, SaysWhereAndWhat) {
  EXPECT_EQ(
      complaint(R"({"jobs":[{"id":7}]})",
                R"({"properties":{"jobs":{"items":{"properties":{"id":{"type":"string"}}}}}})"),
      R"(/jobs/0/id is not of the type "string", being 7)");
  EXPECT_THAT(complaint("1", R"({"multipleOf":1})"), HasSubstr("unknown keyword"));
}

}  // namespace
}  // namespace darkroom::openapi
