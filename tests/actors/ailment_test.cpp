#include "actors/ailment.hpp"

#include <gtest/gtest.h>

namespace darkroom::actors {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Ailment, PausesLongerEachTimeUpToAMinute) {
  Ailment ailment;
  auto now = jobs::SteadyTime{} + seconds{100};
  for (const int wanted : {1, 2, 4, 8, 16, 32, 60, 60}) {
    EXPECT_TRUE(ailment.strike("no space left in /w", now));
    EXPECT_EQ(ailment.pause(), seconds{wanted});
    EXPECT_TRUE(ailment.pauses(now + ailment.pause() - milliseconds{1}));
    now += ailment.pause();
    EXPECT_FALSE(ailment.pauses(now)) << "the only worker must try again";
  }
}

TEST(Ailment, OfSeveralJobsAtOnceIsOnePause) {
  Ailment ailment;
  const auto now = jobs::SteadyTime{} + seconds{100};
  EXPECT_TRUE(ailment.strike("no space left in /w", now));
  EXPECT_FALSE(ailment.strike("cannot open /w", now + milliseconds{10}));
  EXPECT_EQ(ailment.until(), now + seconds{1});
  EXPECT_EQ(ailment.what(), "cannot open /w");
}

TEST(Ailment, IsOverWithAJobThatCouldBeDone) {
  Ailment ailment;
  const auto now = jobs::SteadyTime{} + seconds{100};
  EXPECT_FALSE(ailment.pass());
  (void)ailment.strike("no space left in /w", now);
  (void)ailment.strike("no space left in /w", now + seconds{1});
  EXPECT_TRUE(ailment.pass());
  EXPECT_FALSE(ailment.pauses(now + seconds{1}));
  EXPECT_EQ(ailment.what(), "");
  EXPECT_TRUE(ailment.strike("no space left in /w", now + seconds{1}));
  EXPECT_EQ(ailment.pause(), seconds{1});
}

}  // namespace
}  // namespace darkroom::actors
