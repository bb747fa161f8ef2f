#include "nodes/log_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

namespace darkroom::nodes {
namespace {

LogLine line(std::string_view message) {
  return {.time = *jobs::parse_rfc3339("2026-11-21T03:31:08.250Z"),
          .level = "info",
          .node = "coordinator",
          .message = message};
}

TEST(TextLogLine, IsForPeople) {
  EXPECT_EQ(text_log_line(line("upload accepted job=0198 bytes=12")),
            "2026-11-21T03:31:08.250Z info  [coordinator] upload accepted job=0198 bytes=12\n");
  LogLine error = line("store failed");
  error.level = "error";
  EXPECT_EQ(text_log_line(error), "2026-11-21T03:31:08.250Z error [coordinator] store failed\n");
}

TEST(TextLogLine, CannotBeBrokenInTwo) {
  EXPECT_EQ(text_log_line(line("name=a\n2026 error\x1b[2J")),
            "2026-11-21T03:31:08.250Z info  [coordinator] name=a\\n2026 error\\x1b[2J\n");
}

constexpr std::string_view start =
    R"({"time":"2026-11-21T03:31:08.250Z","level":"info","node":"coordinator","message":)";

std::string json(std::string_view rest) {
  return std::string{start} + std::string{rest} + "}\n";
}

TEST(JsonLogLine, CarriesThePairsAsMembers) {
  EXPECT_EQ(json_log_line(line("upload accepted job=0198a2c4-1111-7222-8333-444455556666 "
                               "bytes=829183 ms=12 worker=\"worker 1\"")),
            json(R"("upload accepted","job":"0198a2c4-1111-7222-8333-444455556666",)"
                 R"("bytes":829183,"ms":12,"worker":"worker 1")"));
}

TEST(JsonLogLine, MakesNumbersOfWholeNumbersOnly) {
  EXPECT_EQ(json_log_line(line("x a=-5 b=007 c=\"7\" d=1.5 e=99999999999999999999 f=-0")),
            json(R"("x","a":-5,"b":"007","c":"7","d":"1.5","e":"99999999999999999999","f":"-0")"));
}

TEST(JsonLogLine, EscapesWhatJsonNeedsEscaped) {
  EXPECT_EQ(json_log_line(line("a \"b\" \\ \n\t\x01 end")), json(R"("a \"b\" \\ \n\t\u0001 end")"));
  EXPECT_EQ(json_log_line(line("caf\xc3\xa9 \xff\xfe.")),
            json("\"café \xEF\xBF\xBD\xEF\xBF\xBD.\""));
}

TEST(JsonLogLine, HasNoMemberTwice) {
  EXPECT_EQ(json_log_line(line("x level=9")), json(R"("x level=9")"));
  EXPECT_EQ(json_log_line(line("x a=1 a=2")), json(R"("x a=1 a=2")"));
}

TEST(JsonLogLine, IsOneObjectWhateverIsLogged) {
  const std::string zero{"zero \0 byte=\0", 13};
  for (const std::string_view message :
       {std::string_view{""}, std::string_view{"=", 1}, std::string_view{"time=1 level=x node=y"},
        std::string_view{"a=1 a=2"}, std::string_view{"x k=\"\\\"} {\""},
        std::string_view{"line\nbreak \r\t\x1b[0m"}, std::string_view{"\xff\xfe bytes=\xc3"},
        std::string_view{"n=-0 m=01 o=1e5 p=99999999999999999999"}, std::string_view{zero}}) {
    const auto text = json_log_line(line(message));
    ASSERT_TRUE(text.ends_with('\n'));
    EXPECT_EQ(text.find('\n'), text.size() - 1) << text;
    rapidjson::Document document;
    document.Parse(text.data(), text.size());
    ASSERT_FALSE(document.HasParseError()) << text;
    for (const auto* name : {"time", "level", "node", "message"}) {
      ASSERT_TRUE(document.HasMember(name)) << text;
      EXPECT_TRUE(document[name].IsString()) << text;
    }
  }
}

}  // namespace
}  // namespace darkroom::nodes
