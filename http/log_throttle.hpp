#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

#include "jobs/timestamp.hpp"

namespace darkroom::http {

/// Lets one log line of its kind through now and then, so that a trouble which meets every request
/// does not drown the log. Thread-safe.
class LogThrottle {
 public:
  explicit LogThrottle(std::chrono::milliseconds interval) : interval_(interval) {}

  /// How many lines were held back since the last one that went out; nothing where this one is to
  /// be held back too.
  [[nodiscard]] std::optional<std::uint64_t> pass(jobs::SteadyTime now) {
    const std::scoped_lock lock{mutex_};
    if (last_ && now - *last_ < interval_) {
      ++held_back_;
      return std::nullopt;
    }
    last_ = now;
    return std::exchange(held_back_, 0);
  }

 private:
  std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::optional<jobs::SteadyTime> last_;
  std::uint64_t held_back_ = 0;
};

}  // namespace darkroom::http
