#include "actors/supervision_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::actors {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

TEST(SupervisionRecord, AFailingChildIsWellAgainOnceItHasRunCalmly) {
  using Child = SupervisionRecord::Child;
  const jobs::SteadyTime start{};
  SupervisionRecord record{seconds{60}};
  record.started("local-1", start);
  record.started("local-2", start);
  EXPECT_THAT(record.children(start), ElementsAre(Child{"local-1"}, Child{"local-2"}));
  record.failed("local-1", false);
  record.started("local-1", start + seconds{1});
  EXPECT_EQ(record.children(start)[0], (Child{"local-1", 1, false}));
  record.failed("local-1", true);
  EXPECT_EQ(record.children(start)[0], (Child{"local-1", 1, true}));
  record.started("local-1", start + seconds{30});
  EXPECT_TRUE(record.children(start + seconds{89})[0].failing);
  EXPECT_FALSE(record.children(start + seconds{90})[0].failing);
  EXPECT_EQ(record.restarts(), 2U);
}

}  // namespace
}  // namespace darkroom::actors
