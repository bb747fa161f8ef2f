#include "nodes/log_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace darkroom::nodes
