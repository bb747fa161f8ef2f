#include "json/json_writer.hpp"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace darkroom::json {
namespace {

TEST(JsonWriter, WritesEachKindOfMember) {
  JsonWriter json;
  json.member("text", "a \"b\" \n");
  json.member("most", std::numeric_limits<std::uint64_t>::max());
  json.member("least", std::numeric_limits<std::int64_t>::min());
  json.member("small", std::uint8_t{7});
  json.member("part", 0.1);
  json.member("yes", true);
  json.member("none", nullptr);
  EXPECT_EQ(json.finish(),
            R"({"text":"a \"b\" \n","most":18446744073709551615,"least":-9223372036854775808,)"
            R"("small":7,"part":0.1,"yes":true,"none":null})");
}

TEST(JsonWriter, WritesNullForAnOptionalThatIsEmpty) {
  JsonWriter json;
  const std::optional<std::string> none;
  json.member("a", none);
  json.member("b", std::optional<std::string>{"x"});
  json.member("c", std::optional{std::uint32_t{1}});
  EXPECT_EQ(json.finish(), R"({"a":null,"b":"x","c":1})");
}

TEST(JsonWriter, WritesObjectsAndListsInside) {
  JsonWriter json;
  json.object("inner", [&] { json.member("a", 1); });
  json.list("items", std::vector{1, 2}, [&](int item) { json.member("n", item); });
  json.list("empty", std::vector<int>{}, [](int) {});
  json.member("last", 3);
  EXPECT_EQ(json.finish(), R"({"inner":{"a":1},"items":[{"n":1},{"n":2}],"empty":[],"last":3})");
}

TEST(JsonWriter, TakesInJsonThatIsThere) {
  JsonWriter json;
  json.raw_member("a", R"({"b":[1,"x"]})");
  json.member("c", 1);
  EXPECT_EQ(json.finish(), R"({"a":{"b":[1,"x"]},"c":1})");
}

TEST(JsonWriter, WritesListsOfTexts) {
  JsonWriter json;
  json.texts("a", {"x", "\"y\"\xFF"});
  json.texts("b", {});
  EXPECT_EQ(json.finish(), "{\"a\":[\"x\",\"\\\"y\\\"\xEF\xBF\xBD\"],\"b\":[]}");
}

TEST(JsonWriter, RepairsTextThatIsNotUtf8) {
  JsonWriter json;
  json.member("a", "x\xFF");
  EXPECT_EQ(json.finish(), "{\"a\":\"x\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace darkroom::json
