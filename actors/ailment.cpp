#include "actors/ailment.hpp"

#include <algorithm>
#include <utility>

namespace darkroom::actors {

bool Ailment::strike(std::string what, jobs::SteadyTime now) {
  what_ = std::move(what);
  if (pauses(now)) return false;
  pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
  until_ = now + pause_;
  return true;
}

bool Ailment::pass() {
  pause_ = {};
  until_ = jobs::SteadyTime::min();
  return !std::exchange(what_, {}).empty();
}

}  // namespace darkroom::actors
