#include "jobs/memory_budget.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct MemoryBudgetTest : testing::Test {
  MemoryBudget budget{100};
  LeaseToken first = LeaseToken::generate();
  LeaseToken second = LeaseToken::generate();
  LeaseToken third = LeaseToken::generate();
};

TEST_F(MemoryBudgetTest, GrantsAsLongAsTheSumFits) {
  budget.ask(first, 60);
  budget.ask(second, 40);
  budget.ask(third, 1);
  EXPECT_THAT(budget.grant(), ElementsAre(first, second));
  EXPECT_EQ(budget.in_use(), 100U);
  EXPECT_THAT(budget.grant(), IsEmpty());
  budget.release(second);
  EXPECT_THAT(budget.grant(), ElementsAre(third));
}

TEST_F(MemoryBudgetTest, LetsNoSmallTaskOvertakeALargeOne) {
  budget.ask(first, 60);
  budget.ask(second, 90);
  budget.ask(third, 10);
  EXPECT_THAT(budget.grant(), ElementsAre(first));
  budget.release(first);
  EXPECT_THAT(budget.grant(), ElementsAre(second, third));
}

TEST_F(MemoryBudgetTest, ForgetsATaskThatStoppedWaiting) {
  budget.ask(first, 60);
  budget.ask(second, 90);
  budget.ask(third, 40);
  EXPECT_THAT(budget.grant(), ElementsAre(first));
  budget.release(second);
  EXPECT_THAT(budget.grant(), ElementsAre(third));
  budget.release(first);
  budget.release(first);
  budget.release(third);
  EXPECT_EQ(budget.in_use(), 0U);
}

TEST_F(MemoryBudgetTest, KnowsWhatItCanNeverGrant) {
  EXPECT_TRUE(budget.can_ever_grant(100));
  EXPECT_FALSE(budget.can_ever_grant(101));
}

}  // namespace
}  // namespace darkroom::jobs
