#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// How a supervisor restarts what failed; each member is a key of [supervisor] in config.toml.
struct RestartPolicy {
  std::chrono::milliseconds base{1'000};   ///< Wait before the first restart.
  double factor = 2.0;                     ///< Each further wait is this times the one before.
  std::chrono::milliseconds max{30'000};   ///< No wait is longer.
  std::chrono::milliseconds calm{60'000};  ///< After running this long, waits start at base again.
  std::size_t restarts = 10;               ///< More than this many within `window`: escalate.
  std::chrono::milliseconds window{300'000};
};

/// Decides over one child's restarts. Plain, takes time as an argument, not thread-safe.
class RestartLimiter {
 public:
  explicit RestartLimiter(const RestartPolicy& policy) : policy_(policy) {}

  /// Note that the child was started.
  void started(SteadyTime now) { started_at_ = now; }

  /// Note that it failed. Returns how long to wait before it is started again, or nullopt where it
  /// failed too often in the window and the failure must be passed upwards.
  [[nodiscard]] std::optional<std::chrono::milliseconds> failed(SteadyTime now);

 private:
  RestartPolicy policy_;
  std::optional<SteadyTime> started_at_;
  std::size_t failures_in_a_row_ = 0;
  std::deque<SteadyTime> failures_in_window_;
};

}  // namespace darkroom::jobs
