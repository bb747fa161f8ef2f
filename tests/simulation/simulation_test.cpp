#include "tests/simulation/simulation.hpp"

#include <cstdint>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulation/fault_plan.hpp"

namespace darkroom::simulation {
namespace {

using testing::HasSubstr;
using testing::Test;

TEST(Simulation, SameSeedGivesTheSameTrace) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto first = run_seed(seed, Weakness::none, true);
    const auto second = run_seed(seed, Weakness::none, true);
    EXPECT_EQ(first.trace_hash, second.trace_hash) << "seed " << seed;
    EXPECT_EQ(first.trace, second.trace) << "seed " << seed;
    EXPECT_EQ(first.steps, second.steps) << "seed " << seed;
  }
}

TEST(Simulation, OtherSeedGivesAnotherTrace) {
  EXPECT_NE(run_seed(1).trace_hash, run_seed(2).trace_hash);
}

TEST(Simulation, RunsJobsToTheirEnd) {
  std::uint64_t jobs = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed)
    jobs += run_seed(seed).jobs;
  EXPECT_GT(jobs, 30U);
}

/// That it can fail: with a part of the service switched off it must.
class WeakenedTest : public testing::TestWithParam<Weakness> {};

std::optional<RunOutcome> first_failure(Weakness weakness, std::uint64_t seeds) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    auto outcome = run_seed(seed, weakness);
    if (!outcome.violations.empty()) return outcome;
  }
  return std::nullopt;
}

const char* expected_words(Weakness weakness) {
  switch (weakness) {
    case Weakness::token:
      return "a stale lease counted";
    case Weakness::sync:
    case Weakness::start:
      return "a crash undid what somebody relied on";
    case Weakness::blobs:
      return "missing";
    case Weakness::crashes:
      return "attempts crashed, of 2 allowed";
    case Weakness::attempts:
      return "attempts failed, of 4 allowed";
    case Weakness::lease:
      return "not finished";
    case Weakness::janitor:
      return "is removed, which it needs";
    case Weakness::none:
      break;
  }
  return "";
}

TEST_P(WeakenedTest, IsNoticedWithinAFewHundredSeeds) {
  const auto failure = first_failure(GetParam(), 300);
  ASSERT_TRUE(failure);
  EXPECT_THAT(failure->violations.front().what, HasSubstr(expected_words(GetParam())));
  EXPECT_THAT(failure->trace, HasSubstr("VIOLATION"));
  // The seed alone brings it back.
  const auto again = run_seed(failure->seed, GetParam());
  EXPECT_EQ(again.trace_hash, failure->trace_hash);
}

INSTANTIATE_TEST_SUITE_P(Simulation, WeakenedTest, testing::ValuesIn(weaknesses),
                         [](const auto& test) { return std::string{to_string(test.param)}; });

}  // namespace
}  // namespace darkroom::simulation
