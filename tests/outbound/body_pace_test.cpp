#include "outbound/body_pace.hpp"

#include <gtest/gtest.h>

namespace darkroom::outbound {
namespace {

using std::chrono::seconds;

class BodyPaceTest : public testing::Test {
 protected:
  bool too_slow_at(seconds time, std::uint64_t bytes) {
    return pace.too_slow(bytes, BodyPace::Time{} + time);
  }

  BodyPace pace{1'000, seconds{10}};
};

TEST_F(BodyPaceTest, DoesNotCountTheWaitForTheFirstByte) {
  EXPECT_FALSE(too_slow_at(seconds{0}, 0));
  EXPECT_FALSE(too_slow_at(seconds{29}, 0));
  EXPECT_FALSE(too_slow_at(seconds{30}, 1));
  EXPECT_FALSE(too_slow_at(seconds{39}, 2));
  EXPECT_TRUE(too_slow_at(seconds{40}, 3));
}

TEST_F(BodyPaceTest, StartsAnewWithEachSecondThatWasFastEnough) {
  EXPECT_FALSE(too_slow_at(seconds{0}, 1));
  EXPECT_FALSE(too_slow_at(seconds{9}, 2));
  EXPECT_FALSE(too_slow_at(seconds{10}, 1'002));
  EXPECT_FALSE(too_slow_at(seconds{19}, 1'002));
  EXPECT_TRUE(too_slow_at(seconds{20}, 1'100));
}

TEST_F(BodyPaceTest, TakesTheLeastRateForFastEnough) {
  for (int second = 0; second < 60; ++second)
    EXPECT_FALSE(too_slow_at(seconds{second}, 1 + 1'000U * static_cast<unsigned>(second)));
}

}  // namespace
}  // namespace darkroom::outbound
