#include "http/log_throttle.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

using std::chrono::milliseconds;

TEST(LogThrottle, LetsOneLineOfEachIntervalThroughAndCountsTheRest) {
  constexpr jobs::SteadyTime start{};
  LogThrottle throttle{milliseconds{100}};
  EXPECT_EQ(throttle.pass(start), 0U);
  EXPECT_EQ(throttle.pass(start + milliseconds{1}), std::nullopt);
  EXPECT_EQ(throttle.pass(start + milliseconds{99}), std::nullopt);
  EXPECT_EQ(throttle.pass(start + milliseconds{100}), 2U);
  EXPECT_EQ(throttle.pass(start + milliseconds{300}), 0U);
}

}  // namespace
}  // namespace darkroom::http
