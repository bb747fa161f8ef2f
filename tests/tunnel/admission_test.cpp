#include "tunnel/admission.hpp"

#include <string>

#include <gtest/gtest.h>

namespace darkroom::tunnel {
namespace {

using namespace std::chrono_literals;

constexpr Admission::Limits limits{.all = 100, .unproven = 16};

class AdmissionTest : public ::testing::Test {
 protected:
  Admission::Verdict enter(const std::string& owner, std::size_t proven = 0) {
    return admission_.enter(++id_, owner, proven, now_);
  }
  void enter_times(int count, const std::string& owner) {
    for (int i = 0; i < count; ++i)
      ASSERT_TRUE(enter(owner).admitted) << i;
  }

  Admission admission_{limits};
  Admission::Id id_ = 0;
  Admission::Time now_{1h};
};

TEST_F(AdmissionTest, CountsProvenConnectionsInAll) {
  EXPECT_TRUE(enter("a", 99).admitted);
  EXPECT_FALSE(enter("a", 99).admitted);
  admission_.leave(1, "a");
  EXPECT_TRUE(enter("a", 99).admitted);
  EXPECT_FALSE(enter("b", 100).admitted);
}

TEST_F(AdmissionTest, LeavesHalfOfThePlacesToOtherAddresses) {
  enter_times(8, "hostile");
  EXPECT_FALSE(enter("hostile").admitted);
  enter_times(8, "other");
  EXPECT_EQ(admission_.unproven(), 16U);
}

TEST_F(AdmissionTest, TakesANewcomerInPlaceOfTheOldestOfItsAddressOnceThatHadItsTime) {
  enter_times(8, "a");
  now_ += Admission::patience - 1ms;
  EXPECT_FALSE(enter("a").admitted);
  now_ += 1ms;
  const auto verdict = enter("a");
  EXPECT_TRUE(verdict.admitted);
  EXPECT_EQ(verdict.evicted, 1U);
  EXPECT_EQ(admission_.unproven(), 8U);
}

TEST_F(AdmissionTest, TakesPlacesFromTheGreediestAddress) {
  enter_times(8, "greedy");
  enter_times(2, "modest");
  for (int i = 0; i < 6; ++i)
    ASSERT_TRUE(enter("modest-" + std::to_string(i)).admitted);
  EXPECT_FALSE(enter("new").admitted) << "all of them may be about to prove themselves";
  now_ += Admission::patience;
  const auto verdict = enter("new");
  EXPECT_TRUE(verdict.admitted);
  EXPECT_EQ(verdict.evicted, 1U);
}

TEST_F(AdmissionTest, TakesNothingFromAddressesThatHaveAFewEach) {
  for (int i = 0; i < 4; ++i)
    enter_times(4, std::to_string(i));
  now_ += 1min;
  EXPECT_FALSE(enter("new").admitted);
}

TEST_F(AdmissionTest, KeepsOutWhoFailsAgainAndAgainUntilItHasRested) {
  for (int i = 0; i < 32; ++i) {
    ASSERT_TRUE(enter("hostile").admitted) << i;
    admission_.fail(id_, "hostile", now_);
  }
  EXPECT_FALSE(enter("hostile").admitted);
  EXPECT_TRUE(enter("other").admitted);
  now_ += Admission::time_per_failure;
  EXPECT_TRUE(enter("hostile").admitted);
  admission_.fail(id_, "hostile", now_);
  EXPECT_FALSE(enter("hostile").admitted);
}

TEST_F(AdmissionTest, NeverKeepsOutANodeThatFailsOnceASecond) {
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_TRUE(enter("unlucky").admitted) << i;
    admission_.fail(id_, "unlucky", now_);
    now_ += 1s;
  }
}

}  // namespace
}  // namespace darkroom::tunnel
