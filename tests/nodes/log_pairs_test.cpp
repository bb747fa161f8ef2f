#include "nodes/log_pairs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// "key=value" of each pair; values that stood in quotes have them again.
std::vector<std::string> pairs(std::string_view message) {
  std::vector<std::string> result;
  for (const LogPair& pair : split_log_pairs(message).pairs) {
    const std::string quote = pair.quoted ? "'" : "";
    result.push_back(std::string{pair.key} + "=" + quote + pair.value + quote);
  }
  return result;
}

TEST(LogPairs, AreTakenFromTheEnd) {
  EXPECT_EQ(split_log_pairs("upload accepted job=0198 bytes=12").text, "upload accepted");
  EXPECT_THAT(pairs("upload accepted job=0198 bytes=12"), ElementsAre("job=0198", "bytes=12"));
  EXPECT_EQ(split_log_pairs("job=1").text, "");
  EXPECT_THAT(pairs("took  ms=1  n=2 "), ElementsAre("ms=1", "n=2"));
  EXPECT_THAT(pairs("x empty= n=2"), ElementsAre("empty=", "n=2"));
}

TEST(LogPairs, MayHaveQuotedValues) {
  EXPECT_THAT(pairs(R"(failed job=1 error="too \"large\" \\ a=b" n="5")"),
              ElementsAre("job=1", R"(error='too "large" \ a=b')", "n='5'"));
}

TEST(LogPairs, EndWithTheMessageOrAreNone) {
  EXPECT_THAT(pairs("set a=1 and b=2"), ElementsAre("b=2"));
  EXPECT_EQ(split_log_pairs("set a=1 and b=2").text, "set a=1 and");
  for (const char* message : {"", "   ", "plain words", "a=1 then", "=1", "1a=2", "a b =c",
                              "a=\"open", "a=\"b\"c", "a=b\"c", "see http://x/?a=1"}) {
    EXPECT_THAT(pairs(message), IsEmpty()) << message;
  }
}

}  // namespace
}  // namespace darkroom::nodes
