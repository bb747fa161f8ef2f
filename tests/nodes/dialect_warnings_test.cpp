#include "nodes/dialect_warnings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

void leave_out(Config& config, jobs::Operation operation) {
  std::erase_if(config.presets.front().renditions,
                [operation](const auto& spec) { return spec.operation == operation; });
}

TEST(DialectWarnings, AreNoneWhereThePresetMakesEverything) {
  EXPECT_THAT(dialect_warnings(Config{}), IsEmpty());
}

TEST(DialectWarnings, SayWhichFilesTheirAnswersWillLack) {
  Config config;
  leave_out(config, jobs::Operation::compress);
  EXPECT_THAT(dialect_warnings(config),
              ElementsAre("http.dialects: the preset default has no rendition by compress, so "
                          "answers to clients of upload will have none; add it, or take upload "
                          "out of the list"));
  leave_out(config, jobs::Operation::thumbnail);
  EXPECT_THAT(dialect_warnings(config),
              ElementsAre(AllOf(HasSubstr("by thumbnail,"), HasSubstr("take django out")),
                          HasSubstr("by compress and thumbnail,"), HasSubstr("of fastapi will")));
}

TEST(DialectWarnings, AreOfThoseThatAreOn) {
  Config config;
  leave_out(config, jobs::Operation::thumbnail);
  config.http.dialects = "fastapi";
  EXPECT_THAT(dialect_warnings(config), ElementsAre(HasSubstr("of fastapi will")));
  config.http.dialects = "";
  EXPECT_THAT(dialect_warnings(config), IsEmpty());
}

}  // namespace
}  // namespace darkroom::nodes
