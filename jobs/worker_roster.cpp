#include "jobs/worker_roster.hpp"

#include <algorithm>
#include <utility>

namespace darkroom::jobs {

bool WorkerRoster::join(const WorkerId& worker, std::uint32_t slots, std::uint32_t holds,
                        SteadyTime now, bool alone) {
  if (const auto found = workers_.find(worker.name);
      found != workers_.end() && found->second.incarnation != worker.incarnation) {
    return false;
  }
  workers_.insert_or_assign(worker.name, Member{.incarnation = worker.incarnation,
                                                .slots = slots,
                                                .accepts = slots,
                                                .holds = holds,
                                                .strays = 0,
                                                .last_heard = now,
                                                .alone = alone});
  return true;
}

bool WorkerRoster::leave(const WorkerId& worker) {
  if (!contains(worker)) return false;
  workers_.erase(worker.name);
  return true;
}

bool WorkerRoster::heard_from(const WorkerId& worker, std::uint32_t accepts, std::uint32_t strays,
                              SteadyTime now) {
  auto* member = find(worker);
  if (member == nullptr) return false;
  member->accepts = std::min(accepts, member->slots);
  member->strays = strays;
  member->last_heard = now;
  return true;
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

std::optional<WorkerId> WorkerRoster::most_credit(const std::optional<WorkerId>& except) const {
  const std::pair<const std::string, Member>* most = nullptr;
  for (const auto& entry : workers_) {
    if (except && entry.first == except->name) continue;
    const auto credit = entry.second.credit();
    if (credit > 0 && (most == nullptr || credit > most->second.credit())) most = &entry;
  }
  if (most == nullptr) return std::nullopt;
  return WorkerId{most->first, most->second.incarnation};
}

std::optional<WorkerRoster::Emptiest> WorkerRoster::emptiest() const {
  const std::pair<const std::string, Member>* least = nullptr;
  for (const auto& entry : workers_) {
    if (entry.second.accepts == 0 || entry.second.alone) continue;
    if (least == nullptr || entry.second.runs() < least->second.runs()) least = &entry;
  }
  if (least == nullptr) return std::nullopt;
  return Emptiest{{least->first, least->second.incarnation}, least->second.runs() == 0};
}

void WorkerRoster::took_job(const WorkerId& worker, bool alone) {
  auto* member = find(worker);
  if (member == nullptr) return;
  ++member->holds;
  member->alone = member->alone || alone;
}

void WorkerRoster::gave_back_job(const WorkerId& worker) {
  auto* member = find(worker);
  if (member == nullptr || member->holds == 0) return;
  --member->holds;
  if (member->holds == 0) member->alone = false;
}

void WorkerRoster::slot_is_busy(const WorkerId& worker) {
  auto* member = find(worker);
  if (member == nullptr) return;
  if (member->accepts > 0) --member->accepts;
  ++member->strays;
}

void WorkerRoster::takes_none(const WorkerId& worker) {
  if (auto* member = find(worker)) member->accepts = 0;
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

WorkerRoster::Member* WorkerRoster::find(const WorkerId& worker) {
  const auto found = workers_.find(worker.name);
  if (found == workers_.end() || found->second.incarnation != worker.incarnation) return nullptr;
  return &found->second;
}

const WorkerRoster::Member* WorkerRoster::find(const WorkerId& worker) const {
  const auto found = workers_.find(worker.name);
  if (found == workers_.end() || found->second.incarnation != worker.incarnation) return nullptr;
  return &found->second;
}

}  // namespace darkroom::jobs
