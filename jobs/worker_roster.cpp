#include "jobs/worker_roster.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace darkroom::jobs {
namespace {

/// The other way round, so that the largest is first in a set.
constexpr std::uint32_t complement(std::uint32_t number) {
  return std::numeric_limits<std::uint32_t>::max() - number;
}

/// All queues are more than any number of them.
std::size_t breadth(const Subscription& takes) {
  return takes.queues().empty() ? std::numeric_limits<std::size_t>::max() : takes.queues().size();
}

}  // namespace

bool WorkerRoster::join(const Newcomer& newcomer, SteadyTime now) {
  const auto& worker = newcomer.worker;
  auto joined_at = newcomer.joined_at;
  if (const auto found = workers_.find(worker.name); found != workers_.end()) {
    if (found->second.incarnation != worker.incarnation) return false;
    joined_at = found->second.joined_at;
    leave_group(*found);
    workers_.erase(found);
  }
  auto& group = groups_[newcomer.takes->queues()];
  group.takes = newcomer.takes;
  ++group.size;
  const auto entered = workers_.emplace(worker.name, Member{.incarnation = worker.incarnation,
                                                            .slots = newcomer.slots,
                                                            .accepts = newcomer.slots,
                                                            .holds = newcomer.holds,
                                                            .strays = 0,
                                                            .last_heard = now,
                                                            .alone = newcomer.alone,
                                                            .drained = newcomer.drained,
                                                            .node = newcomer.node,
                                                            .version = newcomer.version,
                                                            .joined_at = joined_at,
                                                            .group = &group});
  rank(*entered.first);
  return true;
}

bool WorkerRoster::leave(const WorkerId& worker) {
  if (!contains(worker)) return false;
  const auto found = workers_.find(worker.name);
  leave_group(*found);
  workers_.erase(found);
  return true;
}

bool WorkerRoster::heard_from(const WorkerId& worker, std::uint32_t accepts, std::uint32_t strays,
                              SteadyTime now) {
  return change(worker, [&](Member& member) {
    member.accepts = std::min(accepts, member.slots);
    member.strays = strays;
    member.last_heard = now;
  });
}

std::optional<SteadyTime> WorkerRoster::last_heard(const WorkerId& worker) const {
  const auto* member = find(worker);
  return member == nullptr ? std::nullopt : std::optional{member->last_heard};
}

std::vector<WorkerId> WorkerRoster::silent_since(SteadyTime horizon) const {
  std::vector<WorkerId> silent;
  for (const auto& [name, member] : workers_) {
    if (member.last_heard <= horizon) silent.push_back({name, member.incarnation});
  }
  return silent;
}

bool WorkerRoster::contains(const std::string& name) const {
  return workers_.contains(name);
}

bool WorkerRoster::contains(const WorkerId& worker) const {
  return find(worker) != nullptr;
}

void WorkerRoster::set_drained(
    const std::function<bool(const std::string& name, const std::string& node)>& wanted) {
  for (auto& entry : workers_) {
    unrank(entry);
    entry.second.drained = wanted(entry.first, entry.second.node);
    rank(entry);
  }
}

std::optional<WorkerRoster::Choice> WorkerRoster::most_credit(
    const HasWork& has_work, const std::optional<WorkerId>& except) const {
  const Group* best_group = nullptr;
  std::tuple<std::uint32_t, std::size_t, std::string_view> best;
  for (const auto& [queues, group] : groups_) {
    auto first = group.free.begin();
    if (except && first != group.free.end() && first->second == except->name) ++first;
    if (first == group.free.end()) continue;
    const std::tuple candidate{first->first, breadth(*group.takes), first->second};
    if (best_group != nullptr && candidate >= best) continue;
    if (!has_work(*group.takes)) continue;
    best_group = &group;
    best = candidate;
  }
  if (best_group == nullptr) return std::nullopt;
  const auto chosen = workers_.find(std::string{std::get<std::string_view>(best)});
  return Choice{{chosen->first, chosen->second.incarnation}, best_group->takes};
}

std::optional<WorkerRoster::Emptiest> WorkerRoster::emptiest(std::string_view queue) const {
  const Ranked* least = nullptr;
  for (const auto& [queues, group] : groups_) {
    if (group.open.empty() || !group.takes->takes(queue)) continue;
    if (least == nullptr || *group.open.begin() < *least) least = &*group.open.begin();
  }
  if (least == nullptr) return std::nullopt;
  const auto chosen = workers_.find(std::string{least->second});
  return Emptiest{{chosen->first, chosen->second.incarnation}, least->first == 0};
}

void WorkerRoster::took_job(const WorkerId& worker, bool alone) {
  change(worker, [&](Member& member) {
    ++member.holds;
    member.alone = member.alone || alone;
  });
}

void WorkerRoster::gave_back_job(const WorkerId& worker) {
  change(worker, [](Member& member) {
    if (member.holds == 0) return;
    --member.holds;
    if (member.holds == 0) member.alone = false;
  });
}

void WorkerRoster::slot_is_busy(const WorkerId& worker) {
  change(worker, [](Member& member) {
    if (member.accepts > 0) --member.accepts;
    ++member.strays;
  });
}

void WorkerRoster::takes_none(const WorkerId& worker) {
  change(worker, [](Member& member) { member.accepts = 0; });
}

bool WorkerRoster::is_elsewhere(const WorkerId& worker) const {
  const auto* member = find(worker);
  return member != nullptr && !member->node.empty() && member->node != worker.name;
}

bool WorkerRoster::is_crowded(const WorkerId& worker) const {
  const auto* member = find(worker);
  return member != nullptr && member->strays > 0;
}

std::size_t WorkerRoster::slots() const {
  std::size_t sum = 0;
  for (const auto& [name, member] : workers_)
    sum += member.slots;
  return sum;
}

WorkerRoster::Capacity WorkerRoster::capacity_for(std::string_view queue) const {
  Capacity capacity;
  for (const auto& [name, member] : workers_) {
    if (member.slots == 0 || member.drained || !member.group->takes->takes(queue)) continue;
    ++capacity.workers;
    capacity.slots += member.slots;
  }
  return capacity;
}

std::vector<WorkerRoster::Figures> WorkerRoster::figures() const {
  std::vector<Figures> all;
  all.reserve(workers_.size());
  for (const auto& [name, member] : workers_) {
    all.push_back({.worker = {name, member.incarnation},
                   .node = member.node,
                   .version = member.version,
                   .queues = member.group->takes->queues(),
                   .slots = member.slots,
                   .busy = member.runs(),
                   .drained = member.drained,
                   .accepts = member.accepts > 0,
                   .has_strays = member.strays > 0,
                   .joined_at = member.joined_at,
                   .last_heard = member.last_heard});
  }
  return all;
}

const WorkerRoster::Member* WorkerRoster::find(const WorkerId& worker) const {
  const auto found = workers_.find(worker.name);
  if (found == workers_.end() || found->second.incarnation != worker.incarnation) return nullptr;
  return &found->second;
}

void WorkerRoster::unrank(const Members::value_type& entry) {
  const auto& [name, member] = entry;
  if (member.credit() > 0) member.group->free.erase({complement(member.credit()), name});
  if (member.may_run_one_alone()) member.group->open.erase({member.runs(), name});
}

void WorkerRoster::rank(const Members::value_type& entry) {
  const auto& [name, member] = entry;
  if (member.credit() > 0) member.group->free.emplace(complement(member.credit()), name);
  if (member.may_run_one_alone()) member.group->open.emplace(member.runs(), name);
}

template <class Change>
bool WorkerRoster::change(const WorkerId& worker, const Change& apply) {
  const auto found = workers_.find(worker.name);
  if (found == workers_.end() || found->second.incarnation != worker.incarnation) return false;
  unrank(*found);
  apply(found->second);
  rank(*found);
  return true;
}

void WorkerRoster::leave_group(const Members::value_type& entry) {
  unrank(entry);
  auto& group = *entry.second.group;
  if (--group.size > 0) return;
  const auto found = std::ranges::find_if(
      groups_, [&](const auto& candidate) { return &candidate.second == &group; });
  groups_.erase(found);
}

}  // namespace darkroom::jobs
