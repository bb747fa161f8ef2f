#include "jobs/retry.hpp"

#include <algorithm>
#include <cmath>

namespace darkroom::jobs {

std::optional<std::chrono::milliseconds> retry_delay(const RetryPolicy& policy,
                                                     std::uint32_t failures, double random) {
  if (failures >= policy.attempts) return std::nullopt;
  const auto base = static_cast<double>(policy.base.count());
  const auto cap = static_cast<double>(policy.max.count());
  const double exponent = failures > 0 ? static_cast<double>(failures) - 1.0 : 0.0;
  const double wait = std::min(base * std::pow(policy.factor, exponent), cap);
  const double with_jitter = std::min(wait * (1.0 + policy.jitter * random), cap);
  return std::chrono::milliseconds{std::llround(with_jitter)};
}

}  // namespace darkroom::jobs
