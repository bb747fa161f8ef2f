#include "actors/recent_admissions.hpp"

#include <gtest/gtest.h>

namespace darkroom::actors {
namespace {

using namespace std::chrono_literals;

constexpr RecentAdmissions::Time start{1h};

TEST(RecentAdmissions, HoldForAMomentAndForTheirPresetOnly) {
  RecentAdmissions admissions;
  EXPECT_FALSE(admissions.holds("default", start));
  admissions.admit("default", admissions.ask(start));
  EXPECT_TRUE(admissions.holds("default", start + RecentAdmissions::hold - 1ms));
  EXPECT_FALSE(admissions.holds("default", start + RecentAdmissions::hold));
  EXPECT_FALSE(admissions.holds("other", start));
  EXPECT_FALSE(admissions.holds(std::nullopt, start));
}

TEST(RecentAdmissions, AreRenewed) {
  RecentAdmissions admissions;
  admissions.admit(std::nullopt, admissions.ask(start));
  admissions.admit(std::nullopt, admissions.ask(start + 20ms));
  EXPECT_TRUE(admissions.holds(std::nullopt, start + 40ms));
  EXPECT_FALSE(admissions.holds(std::nullopt, start + 45ms));
  EXPECT_FALSE(admissions.holds("", start + 20ms));
}

TEST(RecentAdmissions, AreForgottenTogether) {
  RecentAdmissions admissions;
  admissions.admit("default", admissions.ask(start));
  admissions.admit(std::nullopt, admissions.ask(start));
  admissions.forget();
  EXPECT_FALSE(admissions.holds("default", start));
  EXPECT_FALSE(admissions.holds(std::nullopt, start));
}

TEST(RecentAdmissions, AreNotTakenFromAnAnswerThatWasUnderWayWhenTheyWereForgotten) {
  RecentAdmissions admissions;
  const auto question = admissions.ask(start);
  admissions.forget();
  admissions.admit("default", question);
  EXPECT_FALSE(admissions.holds("default", start));
}

}  // namespace
}  // namespace darkroom::actors
