#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/simulation/checker.hpp"
#include "tests/simulation/fault_plan.hpp"

namespace darkroom::simulation {

/// What came of one run.
struct RunOutcome {
  std::uint64_t seed = 0;
  std::vector<Violation> violations;  ///< Empty: all held.
  std::uint64_t trace_hash = 0;       ///< Over all that happened, in order.
  std::uint64_t steps = 0;            ///< Messages handled.
  std::uint64_t jobs = 0;             ///< That were created.
  std::string plan;                   ///< What went wrong, in words.
  std::string trace = {};             ///< Of the first violation's job; of all where asked for.
};

/// Runs the service once, with the faults and jobs that the seed says: faults for a while; then
/// none, until every job is final; then a sweep by the janitor; then a start from the store. Ends
/// at the first violation.
///
/// @param verbose  The trace has all events, and what the service logs.
[[nodiscard]] RunOutcome run_seed(std::uint64_t seed, Weakness weakness = Weakness::none,
                                  bool verbose = false);

}  // namespace darkroom::simulation
