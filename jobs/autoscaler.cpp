#include "jobs/autoscaler.hpp"

#include <algorithm>

namespace darkroom::jobs {

std::uint32_t Autoscaler::note(Load load, SteadyTime now) {
  const auto wanted = static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(load.running + load.waiting, bounds_.min, bounds_.max));
  while (!needs_.empty() && needs_.back().slots <= wanted)
    needs_.pop_back();
  needs_.push_back({now, wanted});
  while (now - needs_.front().at >= calm_)
    needs_.pop_front();
  if (wanted > slots_) {
    slots_ = std::min(wanted, std::max(slots_ * 2, 1U));
    steady_since_ = now;
  } else if (!steady_since_) {
    steady_since_ = now;
  } else if (now - *steady_since_ >= calm_) {
    slots_ = std::min(slots_, needs_.front().slots);
  }
  return slots_;
}

}  // namespace darkroom::jobs
