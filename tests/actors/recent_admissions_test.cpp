#include "actors/recent_admissions.hpp"

#include <gtest/gtest.h>

namespace darkroom::actors {
namespace {

using namespace std::chrono_literals;

constexpr RecentAdmissions::Time start{1h};

TEST(RecentAdmissions, HoldForAMomentAndForTheirPresetOnly) {
  RecentAdmissions admissions;
  EXPECT_FALSE(admissions.holds("default", start));
  admissions.admit("default", start);
  EXPECT_TRUE(admissions.holds("default", start + RecentAdmissions::hold - 1ms));
  EXPECT_FALSE(admissions.holds("default", start + RecentAdmissions::hold));
  EXPECT_FALSE(admissions.holds("other", start));
  EXPECT_FALSE(admissions.holds(std::nullopt, start));
}

TEST(RecentAdmissions, AreRenewed) {
  RecentAdmissions admissions;
  admissions.admit(std::nullopt, start);
  admissions.admit(std::nullopt, start + 20ms);
  EXPECT_TRUE(admissions.holds(std::nullopt, start + 40ms));
  EXPECT_FALSE(admissions.holds(std::nullopt, start + 45ms));
  EXPECT_FALSE(admissions.holds("", start + 20ms));
}

TEST(RecentAdmissions, AreForgottenTogether) {
  RecentAdmissions admissions;
  admissions.admit("default", start);
  admissions.admit(std::nullopt, start);
  admissions.forget();
  EXPECT_FALSE(admissions.holds("default", start));
  EXPECT_FALSE(admissions.holds(std::nullopt, start));
}

}  // namespace
}  // namespace darkroom::actors
