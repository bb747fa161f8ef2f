#include "jobs/natural_order.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

TEST(NaturalOrder, CountsNumbersAsNumbers) {
  std::vector<std::string> names{"w10-1", "w1-10", "w1-2", "w1-1", "w", "w1", "w1-02", "a9"};
  std::ranges::sort(names, natural_less);
  EXPECT_EQ(names,
            (std::vector<std::string>{"a9", "w", "w1", "w1-1", "w1-02", "w1-2", "w1-10", "w10-1"}));
}

TEST(NaturalOrder, TakesNumbersOfAnyLength) {
  EXPECT_TRUE(natural_less("w99999999999999999999998", "w99999999999999999999999"));
  EXPECT_TRUE(natural_less("w9", "w99999999999999999999999"));
  EXPECT_FALSE(natural_less("w1", "w1"));
  EXPECT_TRUE(natural_less("w0", "w1"));
  EXPECT_TRUE(natural_less("", "0"));
}

}  // namespace
}  // namespace darkroom::jobs
