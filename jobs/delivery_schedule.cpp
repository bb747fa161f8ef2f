#include "jobs/delivery_schedule.hpp"

#include <algorithm>
#include <utility>

namespace darkroom::jobs {
namespace {

/// Of a receiver that is not proven; one delivery at a time finds out what it is.
constexpr std::size_t most_for_unproven = 100;

constexpr std::size_t index_of(Standing standing) {
  return static_cast<std::size_t>(standing);
}

constexpr std::size_t at_least_one(std::size_t count) {
  return std::max<std::size_t>(count, 1);
}

}  // namespace

bool DeliverySchedule::offer(const DueDelivery& due, SteadyTime now) {
  if (const auto known = known_.find(due.id); known != known_.end()) {
    const auto sending = sending_.find(due.id);
    if (sending != sending_.end() && due.due_at > known->second) sending->second.again = due.due_at;
    return true;
  }
  const auto standing = standings_.of(due.receiver, now);
  if (!has_room(due, standing)) return false;
  enter(due, standing);
  return true;
}

bool DeliverySchedule::has_room(const DueDelivery& due, Standing standing) {
  const auto kept = standing == Standing::proven ? 0 : limits_.waiting / 4;
  const auto taken = waiting_ + kept;
  if (taken >= limits_.waiting) {
    refused_ = true;
    return false;
  }
  const auto free = limits_.waiting - taken;
  const auto found = tenants_.find(due.tenant);
  if (found == tenants_.end()) return true;
  auto& tenant = found->second;
  if (!due.tenant.empty() && tenant.waiting > free / 2) {
    tenant.refused = true;
    return false;
  }
  const auto lane = tenant.lanes.find(due.receiver);
  if (lane == tenant.lanes.end() || lane->second.waiting.size() < most_in_lane(standing, free))
    return true;
  lane->second.refused = true;
  return false;
}

std::size_t DeliverySchedule::most_in_lane(Standing standing, std::size_t free) const {
  constexpr std::size_t share = 8;
  constexpr std::size_t unproven_share = 64;
  // The rest is for receivers that have nothing waiting yet.
  const auto spread = free - std::min(free, limits_.waiting / 4);
  if (standing == Standing::proven) return std::min(limits_.of_receiver, 1 + spread / share);
  return std::min({limits_.of_receiver, most_for_unproven, 1 + spread / unproven_share});
}

void DeliverySchedule::enter(const DueDelivery& due, Standing standing) {
  auto& tenant = tenants_[due.tenant];
  if (tenant.waiting == 0) tenant.place = turns_.insert(turns_.end(), due.tenant);
  auto& receiver = receivers_[due.receiver];
  receiver.tenants.insert(due.tenant);
  auto& lane = tenant.lanes[due.receiver];
  lane.waiting.push_back(due.id);
  if (!receiver.busy && !lane.turn) line_up(tenant, due.receiver, standing);
  known_.emplace(due.id, due.due_at);
  ++tenant.waiting;
  ++waiting_;
}

void DeliverySchedule::line_up(Tenant& tenant, const std::string& receiver, Standing standing) {
  auto& turns = tenant.turns.at(index_of(standing));
  auto& lane = tenant.lanes.at(receiver);
  lane.turn = standing;
  lane.place = turns.insert(turns.end(), receiver);
}

std::optional<JobId> DeliverySchedule::next() {
  if (sending_.size() >= limits_.senders) return std::nullopt;
  for (auto turn = turns_.begin(); turn != turns_.end(); ++turn) {
    const auto& tenant = tenants_.at(*turn);
    const auto standing = turn_of(*turn, tenant);
    if (!standing) continue;
    const auto receiver = tenant.turns.at(index_of(*standing)).front();
    const auto heir = heir_of(*turn, receiver);
    turns_.splice(turns_.end(), turns_, tenants_.at(heir).place);
    return take(heir, receiver);
  }
  return std::nullopt;
}

std::string DeliverySchedule::heir_of(const std::string& name, const std::string& receiver) const {
  const auto& shared = receivers_.at(receiver);
  const auto last_served = [&](const std::string& tenant) {
    const auto found = shared.served.find(tenant);
    return found == shared.served.end() ? 0 : found->second;
  };
  std::string heir = name;
  for (const auto& other : shared.tenants) {
    const auto& tenant = tenants_.at(other);
    const auto turn = tenant.lanes.at(receiver).turn;
    if (turn && may_send(other, tenant, *turn) && last_served(other) < last_served(heir))
      heir = other;
  }
  return heir;
}

std::optional<Standing> DeliverySchedule::turn_of(const std::string& name,
                                                  const Tenant& tenant) const {
  for (std::size_t i = 0; i < standings; ++i) {
    const auto index = (tenant.next_turn + i) % standings;
    const auto standing = static_cast<Standing>(index);
    if (!tenant.turns.at(index).empty() && may_send(name, tenant, standing)) return standing;
  }
  return std::nullopt;
}

bool DeliverySchedule::may_send(const std::string& name, const Tenant& tenant,
                                Standing standing) const {
  const auto all = limits_.senders;
  const auto for_proven = all / 4;
  const auto most = all - for_proven;
  if (!name.empty() && tenant.sending >= most) return false;
  if (standing == Standing::proven) return true;
  const auto silent = sent_to_.at(index_of(Standing::silent));
  if (silent + sent_to_.at(index_of(Standing::unknown)) >= most) return false;
  if (!name.empty() && tenant.unproven >= at_least_one(all / 2)) return false;
  const auto for_unknown = std::min(most, at_least_one(all / 4));
  return standing == Standing::unknown || silent < at_least_one(most - for_unknown);
}

JobId DeliverySchedule::take(const std::string& name, const std::string& receiver) {
  auto& tenant = tenants_.at(name);
  auto& lane = tenant.lanes.at(receiver);
  const auto standing = lane.turn.value_or(Standing::unknown);
  tenant.next_turn = (index_of(standing) + 1) % standings;
  const auto id = lane.waiting.front();
  receivers_.at(receiver).served.insert_or_assign(name, ++taken_);
  occupy(receiver);
  lane.waiting.pop_front();
  --tenant.waiting;
  --waiting_;
  ++tenant.sending;
  if (standing != Standing::proven) ++tenant.unproven;
  ++sent_to_.at(index_of(standing));
  sending_.emplace(id, Sending{.tenant = name, .receiver = receiver, .standing = standing});
  note_room(tenant, lane, standing);
  if (lane.waiting.empty()) {
    tenant.lanes.erase(receiver);
    receivers_.at(receiver).tenants.erase(name);
  }
  if (tenant.waiting == 0) turns_.erase(tenant.place);
  return id;
}

void DeliverySchedule::occupy(const std::string& receiver) {
  auto& occupied = receivers_.at(receiver);
  occupied.busy = true;
  for (const auto& name : occupied.tenants) {
    auto& tenant = tenants_.at(name);
    auto& lane = tenant.lanes.at(receiver);
    if (lane.turn) tenant.turns.at(index_of(*lane.turn)).erase(lane.place);
    lane.turn.reset();
  }
}

void DeliverySchedule::note_room(Tenant& tenant, Lane& lane, Standing standing) {
  if (lane.refused && lane.waiting.size() <= most_in_lane(standing, limits_.waiting) / 4) {
    lane.refused = false;
    wants_more_ = true;
  }
  if (tenant.refused && tenant.waiting <= limits_.waiting / 8) {
    tenant.refused = false;
    wants_more_ = true;
  }
  if (refused_ && waiting_ <= limits_.waiting / 2) {
    refused_ = false;
    wants_more_ = true;
  }
}

void DeliverySchedule::done(const JobId& id, Heard heard, SteadyTime now) {
  const auto found = sending_.find(id);
  if (found == sending_.end()) return;
  const auto sent = std::move(found->second);
  sending_.erase(found);
  known_.erase(id);
  --sent_to_.at(index_of(sent.standing));
  auto& tenant = tenants_.at(sent.tenant);
  --tenant.sending;
  if (sent.standing != Standing::proven) --tenant.unproven;
  if (heard != Heard::nothing) standings_.note(sent.receiver, heard == Heard::prompt, now);
  auto& receiver = receivers_.at(sent.receiver);
  receiver.busy = false;
  const auto standing = standings_.of(sent.receiver, now);
  for (const auto& name : receiver.tenants)
    line_up(tenants_.at(name), sent.receiver, standing);
  if (sent.again) {
    // It had a place of its own until now, so it needs no room.
    enter({.id = id, .tenant = sent.tenant, .receiver = sent.receiver, .due_at = *sent.again},
          standing);
  }
  forget(sent.tenant, sent.receiver);
}

void DeliverySchedule::forget(const std::string& tenant, const std::string& receiver) {
  const auto& left = tenants_.at(tenant);
  if (left.waiting == 0 && left.sending == 0) {
    wants_more_ = wants_more_ || left.refused;
    tenants_.erase(tenant);
  }
  if (receivers_.at(receiver).tenants.empty()) receivers_.erase(receiver);
}

bool DeliverySchedule::wants_more() {
  return std::exchange(wants_more_, false);
}

}  // namespace darkroom::jobs
