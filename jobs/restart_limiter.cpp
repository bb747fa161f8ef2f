#include "jobs/restart_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace darkroom::jobs {

std::optional<std::chrono::milliseconds> RestartLimiter::failed(SteadyTime now) {
  if (started_at_ && now - *started_at_ >= policy_.calm) failures_in_a_row_ = 0;
  while (!failures_in_window_.empty() && now - failures_in_window_.front() > policy_.window) {
    failures_in_window_.pop_front();
  }
  failures_in_window_.push_back(now);
  if (failures_in_window_.size() > policy_.restarts) return std::nullopt;

  const double wait = static_cast<double>(policy_.base.count()) *
                      std::pow(policy_.factor, static_cast<double>(failures_in_a_row_));
  ++failures_in_a_row_;
  return std::chrono::milliseconds{
      std::llround(std::min(wait, static_cast<double>(policy_.max.count())))};
}

}  // namespace darkroom::jobs
