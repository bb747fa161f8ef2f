#include "jobs/histogram.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using namespace std::chrono_literals;

TEST(Histogram, PutsABoundIntoItsOwnBucketAndWhatIsLongerIntoTheNext) {
  for (std::size_t i = 0; i < Histogram::bounds.size(); ++i) {
    EXPECT_EQ(Histogram::bucket_of(Histogram::bounds.at(i)), i);
    EXPECT_EQ(Histogram::bucket_of(Histogram::bounds.at(i) + 1us), i + 1);
  }
  EXPECT_TRUE(std::ranges::is_sorted(Histogram::bounds));
}

TEST(Histogram, CountsAndAddsUp) {
  Histogram histogram;
  histogram.note(3ms);
  histogram.note(4ms);
  histogram.note(48h);
  EXPECT_EQ(histogram.count(), 3U);
  EXPECT_EQ(histogram.counts.at(Histogram::bucket_of(4ms)), 2U);
  EXPECT_EQ(histogram.counts.back(), 1U) << "longer than all bounds";
  EXPECT_EQ(histogram.microseconds, 7'000U + 172'800'000'000U);
}

TEST(Histogram, TakesAClockThatWasSetBackForNoTime) {
  Histogram histogram;
  histogram.note(-5s);
  EXPECT_EQ(histogram.counts.front(), 1U);
  EXPECT_EQ(histogram.microseconds, 0U);
}

}  // namespace
}  // namespace darkroom::jobs
