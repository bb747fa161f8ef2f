#include "tests/openapi/documented_api.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// That an answer which is not as described is seen: without this the comparison of all answers
// could be silent because it is blind.

namespace darkroom::openapi {
namespace {

constexpr std::string_view description = R"({
  "paths": {
    "/things/{id}": {
      "get": {
        "security": [{"bearer": ["read"]}, {"apiKey": ["read"]}],
        "responses": {
          "200": {
            "headers": {"ETag": {"required": true, "schema": {"type": "string"}},
                        "Age": {"schema": {"type": "integer"}}},
            "content": {"application/json": {"schema": {
              "type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"],
              "additionalProperties": false}},
              "image/*": {"schema": {"type": "string"}}}},
          "204": {},
          "default": {"content": {"application/problem+json":
            {"schema": {"$ref": "#/components/schemas/Problem"}}}}}}},
    "/things/one": {"get": {"security": [], "responses": {"204": {}}}},
    "/files/{key}": {"get": {"security": [],
      "parameters": [{"name": "key", "x-rest-of-path": true}],
      "responses": {"204": {}}}}
  },
  "components": {
    "parameters": {}, "headers": {},
    "schemas": {
      "Problem": {"type": "object", "required": ["code"]},
      "Broken": {"type": "integer", "examples": ["one"]}}}
})";

class Answers : public testing::Test {
 protected:
  [[nodiscard]] std::string complaint() const { return api_.complaint(talk_); }

  DocumentedApi api_{description};
  Talk talk_{.method = "GET",
             .target = "/things/5?x=1",
             .status = 200,
             .fields = {{"content-type", "application/json"}, {"etag", "\"a\""}, {"date", "now"}},
             .body = R"({"id":5})"};
};

TEST_F(Answers, AreFineAsDescribed) {
  EXPECT_EQ(complaint(), "");
  talk_.fields["content-type"] = "image/png";
  talk_.body = "bytes";
  EXPECT_EQ(complaint(), "");
  talk_.method = "HEAD";
  talk_.body.clear();
  EXPECT_EQ(complaint(), "");
}

TEST_F(Answers, WithAnotherBodyAreSeen) {
  for (const auto* body : {"", "{}", R"({"id":"5"})", R"({"id":5,"more":1})", "{"}) {
    talk_.body = body;
    EXPECT_NE(complaint(), "") << body;
  }
}

TEST_F(Answers, WithAnotherTypeStatusOrHeaderAreSeen) {
  talk_.fields["content-type"] = "text/plain";
  EXPECT_EQ(complaint(), "the content type text/plain is not described");
  talk_.fields["content-type"] = "application/json";
  talk_.fields["x-more"] = "1";
  EXPECT_EQ(complaint(), "the header x-more is not described");
  talk_.fields.erase("x-more");
  talk_.fields["age"] = "old";
  EXPECT_NE(complaint(), "");
  talk_.fields["age"] = "3";
  EXPECT_EQ(complaint(), "");
  talk_.fields.erase("etag");
  EXPECT_EQ(complaint(), "the header etag is missing");
  talk_.status = 204;
  EXPECT_NE(complaint(), "") << "204 has no content";
  talk_.status = 418;
  EXPECT_NE(complaint(), "") << "what is not listed is a problem";
}

TEST_F(Answers, OfOtherRoutesAreProblems) {
  talk_.target = "/nothing";
  EXPECT_NE(complaint(), "");
  talk_.status = 404;
  talk_.fields["content-type"] = "application/problem+json";
  EXPECT_NE(complaint(), "") << "it lacks the code";
  talk_.body = R"({"code":"unknown_route"})";
  EXPECT_EQ(complaint(), "");
  talk_ = {.method = "POST", .target = "/things/5", .status = 405, .fields = {}, .body = ""};
  EXPECT_EQ(complaint(), "405 without Allow");
  talk_ = {.method = "OPTIONS", .target = "/things/5", .status = 204, .fields = {}, .body = ""};
  EXPECT_EQ(complaint(), "OPTIONS is answered without Allow");
}

TEST_F(Answers, AreOfThePathThatSaysMost) {
  talk_ = {.method = "GET", .target = "/things/one", .status = 204, .fields = {}, .body = ""};
  EXPECT_EQ(complaint(), "");
  talk_.status = 200;
  EXPECT_EQ(complaint(), "the status is not described");
  talk_ = {.method = "GET", .target = "/files/a/b%20c", .status = 204, .fields = {}, .body = ""};
  EXPECT_EQ(complaint(), "");
}

TEST(Description, TellsItsOperationsAndItsBrokenExamples) {
  const DocumentedApi api{description};
  using Operation = DocumentedApi::Operation;
  EXPECT_THAT(api.operations(), testing::ElementsAre(Operation{"GET", "/things/{id}", "read"},
                                                     Operation{"GET", "/things/one", "open"},
                                                     Operation{"GET", "/files/{key}", "open"}));
  EXPECT_EQ(api.complaints_about_examples().size(), 1U);
  EXPECT_THROW(DocumentedApi{"[]"}, std::runtime_error);
}

}  // namespace
}  // namespace darkroom::openapi
