#include "actors/supervision_record.hpp"

namespace darkroom::actors {

void SupervisionRecord::started(const std::string& child, jobs::SteadyTime now) {
  const std::scoped_lock lock{mutex_};
  auto& entry = children_[child];
  ++entry.starts;
  entry.running_since = now;
}

void SupervisionRecord::failed(const std::string& child, bool too_often) {
  const std::scoped_lock lock{mutex_};
  auto& entry = children_[child];
  entry.failing = too_often;
  entry.running_since.reset();
}

std::vector<SupervisionRecord::Child> SupervisionRecord::children(jobs::SteadyTime now) const {
  const std::scoped_lock lock{mutex_};
  std::vector<Child> found;
  for (const auto& [name, entry] : children_) {
    const bool calm = entry.running_since && now - *entry.running_since >= calm_;
    found.push_back({.name = name,
                     .restarts = entry.starts > 0 ? entry.starts - 1 : 0,
                     .failing = entry.failing && !calm});
  }
  return found;
}

std::uint64_t SupervisionRecord::restarts() const {
  std::uint64_t sum = 0;
  const std::scoped_lock lock{mutex_};
  for (const auto& [name, entry] : children_)
    sum += entry.starts > 0 ? entry.starts - 1 : 0;
  return sum;
}

}  // namespace darkroom::actors
