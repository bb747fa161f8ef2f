#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "jobs/timestamp.hpp"

namespace darkroom::simulation {

/// The machine's wall clock: virtual time, and how far it has been set forth or back.
class WallTime {
 public:
  explicit WallTime(std::function<jobs::SteadyTime()> steady) : steady_(std::move(steady)) {}

  [[nodiscard]] jobs::Timestamp now() const {
    // Some day in 2024.
    constexpr jobs::Timestamp origin{std::chrono::hours{24 * 20'000}};
    return origin + set_forth_ +
           std::chrono::floor<std::chrono::milliseconds>(steady_().time_since_epoch());
  }

  void set_forth(std::chrono::milliseconds by) {
    latest_ = latest();
    set_forth_ = by;
  }

  /// The latest time it has ever shown.
  [[nodiscard]] jobs::Timestamp latest() const { return std::max(latest_, now()); }

 private:
  std::function<jobs::SteadyTime()> steady_;
  std::chrono::milliseconds set_forth_{0};
  jobs::Timestamp latest_{};
};

}  // namespace darkroom::simulation
