#include "jobs/delivery_schedule.hpp"

#include <utility>

namespace darkroom::jobs {
namespace {

/// Receivers that are known to be silent and have nothing to get.
constexpr std::size_t most_remembered = 10'000;

}  // namespace

bool DeliverySchedule::offer(const JobId& id, const std::string& receiver) {
  if (known_.contains(id)) return true;
  if (waiting_ >= limits_.waiting) {
    refused_ = true;
    return false;
  }
  auto& queue = receivers_[receiver];
  if (queue.waiting.size() >= limits_.of_receiver) {
    queue.refused = true;
    return false;
  }
  if (queue.waiting.empty() && !queue.busy) turns_of(queue).push_back(receiver);
  queue.waiting.push_back(id);
  known_.insert(id);
  ++waiting_;
  return true;
}

std::optional<JobId> DeliverySchedule::next() {
  if (sending_.size() >= limits_.senders) return std::nullopt;
  const bool for_silent =
      !silent_.empty() &&
      (limits_.senders == 1 ? sending_.empty() : to_silent_ + for_others() < limits_.senders);
  const bool take_silent = for_silent && (answering_.empty() || turn_of_silent_);
  turn_of_silent_ = !take_silent;
  if (take_silent) return take(silent_);
  if (!answering_.empty()) return take(answering_);
  return std::nullopt;
}

std::optional<JobId> DeliverySchedule::take(Turns& turns) {
  const auto name = std::move(turns.front());
  turns.pop_front();
  auto& receiver = receivers_.at(name);
  const auto id = receiver.waiting.front();
  receiver.waiting.pop_front();
  --waiting_;
  receiver.busy = true;
  if (receiver.silent) ++to_silent_;
  sending_.emplace(id, name);
  make_room(receiver);
  return id;
}

void DeliverySchedule::make_room(Receiver& receiver) {
  if (receiver.refused && receiver.waiting.empty()) {
    receiver.refused = false;
    wants_more_ = true;
  }
  if (refused_ && waiting_ <= limits_.waiting / 2) {
    refused_ = false;
    wants_more_ = true;
  }
}

void DeliverySchedule::done(const JobId& id, bool answered) {
  const auto found = sending_.find(id);
  if (found == sending_.end()) return;
  const auto name = std::move(found->second);
  sending_.erase(found);
  known_.erase(id);
  auto& receiver = receivers_.at(name);
  receiver.busy = false;
  if (receiver.silent) --to_silent_;
  receiver.silent = !answered;
  if (!receiver.waiting.empty()) {
    turns_of(receiver).push_back(name);
  } else if (answered || receivers_.size() > most_remembered) {
    receivers_.erase(name);
  }
}

bool DeliverySchedule::wants_more() {
  return std::exchange(wants_more_, false);
}

}  // namespace darkroom::jobs
