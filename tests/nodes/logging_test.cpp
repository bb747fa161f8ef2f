#include "nodes/logging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

namespace darkroom::nodes {
namespace {

using ::testing::MatchesRegex;
using ::testing::internal::CaptureStderr;
using ::testing::internal::GetCapturedStderr;

const std::string time_pattern = "[0-9-]+T[0-9:]+\\.[0-9][0-9][0-9]Z";

TEST(Logging, WritesTextToStandardErrorFromTheLevelUpwards) {
  CaptureStderr();
  configure_logging(LogLevel::warn, LogFormat::text, "worker-1");
  spdlog::info("not this");
  spdlog::warn("queue is long pending={}", 7);
  spdlog::critical("gone");
  EXPECT_THAT(GetCapturedStderr(),
              MatchesRegex(time_pattern + " warn  \\[worker-1\\] queue is long pending=7\n" +
                           time_pattern + " error \\[worker-1\\] gone\n"));
}

TEST(Logging, WritesJson) {
  CaptureStderr();
  configure_logging(LogLevel::trace, LogFormat::json, "coordinator");
  spdlog::trace("done job={}", "0198");
  EXPECT_THAT(GetCapturedStderr(),
              MatchesRegex("\\{\"time\":\"" + time_pattern +
                           "\",\"level\":\"trace\",\"node\":\"coordinator\",\"message\":\"done\","
                           "\"job\":\"0198\"\\}\n"));
}

}  // namespace
}  // namespace darkroom::nodes
