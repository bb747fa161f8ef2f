#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// When and how often a job is tried again; each member is a key of [retry] in config.toml.
struct RetryPolicy {
  std::chrono::milliseconds base{1'000};  ///< Wait after the first failed attempt.
  double factor = 2.0;                    ///< Each further wait is this times the one before.
  std::chrono::milliseconds max{60'000};  ///< No wait is longer.
  double jitter = 0.1;                    ///< Up to this share is added at random, 0 to 1.
  std::uint32_t attempts = 4;             ///< Failed attempts after which the job has failed.
  std::uint32_t crashes = 2;              ///< Workers it may take down before it has failed.
};

/// The wait after `failures` failed attempts (at least 1), or nullopt where the budget is spent.
/// `random` in [0, 1) picks the jitter.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_delay(const RetryPolicy& policy,
                                                                   std::uint32_t failures,
                                                                   double random);

}  // namespace darkroom::jobs
