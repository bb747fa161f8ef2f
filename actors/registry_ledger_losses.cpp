#include <algorithm>
#include <utility>
#include <vector>

#include "actors/registry_ledger.hpp"

// Workers that are gone, and what becomes of the leases that they held.

namespace darkroom::actors {

using jobs::Job;
using jobs::JobId;

void RegistryLedger::forget(const jobs::WorkerId& worker) {
  roster_.leave(worker);
  fetchers_.leave(worker);
  struck_off_.erase(worker);
  restarts_.erase(worker);
  ailments_.erase(worker);
}

RegistryLedger::Trace RegistryLedger::trace_of(const jobs::WorkerId& worker) const {
  if (const auto found = struck_off_.find(worker); found != struck_off_.end()) {
    return found->second;
  }
  return {.crowded = roster_.is_crowded(worker),
          .elsewhere = roster_.is_elsewhere(worker),
          .last_heard = roster_.last_heard(worker)};
}

void RegistryLedger::strike_off(const jobs::WorkerId& worker) {
  struck_off_.insert_or_assign(worker, trace_of(worker));
  roster_.leave(worker);
  fetchers_.leave(worker);
}

void RegistryLedger::took_away(const jobs::WorkerId& worker, const Job& job) {
  auto& roster = roster_for(job);
  if (roster.contains(worker)) {
    roster.slot_is_busy(worker);
  } else if (const auto gone = struck_off_.find(worker);
             gone != struck_off_.end() && !must_fetch(job)) {
    gone->second.crowded = true;
  }
}

void RegistryLedger::lose(const jobs::WorkerId& worker, const std::string& reason, Now now) {
  lose(worker, reason, Death::known, now);
}

void RegistryLedger::lose_unexplained(const jobs::WorkerId& worker, const std::string& reason,
                                      Now now) {
  lose(worker, reason, Death::unexplained, now);
}

void RegistryLedger::lose(const jobs::WorkerId& worker, const std::string& reason, Death death,
                          Now now) {
  const auto trace = trace_of(worker);
  auto held = leases_.held_by(worker);
  std::erase_if(held, [&](const JobId& id) {
    if (leases_.progress(id) != jobs::LeaseProgress::granted) return false;
    take_back(id, "the worker was lost before it got the task", Loss::recovered, now);
    return true;
  });
  const auto losses = blame(held, trace, death, now);
  for (std::size_t i = 0; i < held.size(); ++i)
    take_back(held[i], reason, losses[i], now);
  forget(worker);
  ++counts_.lost_workers;
}

std::vector<RegistryLedger::Loss> RegistryLedger::blame(const std::vector<JobId>& held,
                                                        const Trace& trace, Death death,
                                                        Now now) const {
  const auto fetched = [this](const JobId& id) { return must_fetch(*table_.find(id)); };
  // What decodes is what takes a process down; but a fetch reads what strangers sent as well, so
  // one that was there before when a process died is no better than the rest.
  const bool decoded = trace.crowded || !std::ranges::all_of(held, fetched);
  const auto is_suspect = [&](const JobId& id) {
    return !decoded || !fetched(id) || table_.find(id)->alone;
  };
  // Nobody knows which of several jobs it was, nor whether one did that perhaps was never begun.
  // Such a one gets another try, alone, but not for ever; and fetches, which have no process to
  // themselves, only one.
  const bool alone_in_it = std::ranges::count_if(held, is_suspect) == 1 && !trace.crowded;
  std::vector<Loss> losses;
  for (const auto& id : held) {
    const bool again = table_.find(id)->alone;
    const bool guilty =
        alone_in_it ? again || had_begun(id, trace, death, now) : again && fetched(id);
    losses.push_back(is_suspect(id) && guilty ? Loss::crashed : Loss::interrupted);
  }
  return losses;
}

bool RegistryLedger::had_begun(const JobId& id, const Trace& trace, Death death, Now now) const {
  // Whose cable was cut may be at work on it still.
  if (trace.elsewhere && death != Death::known) return false;
  if (leases_.progress(id) == jobs::LeaseProgress::held) return true;
  // Frozen, it may have been so when the task came.
  if (death == Death::silence) return false;
  const auto sent_at = leases_.sent_at(id);
  if (!sent_at) return false;
  // Heartbeats come several times in a lease, and the next one would have named the task.
  const auto overdue = options_.lease / 2;
  const bool was_heard = trace.last_heard && *sent_at - *trace.last_heard < overdue;
  return was_heard && now.steady - *sent_at < overdue;
}

void RegistryLedger::take_back(const JobId& id, const std::string& reason, Loss loss, Now now) {
  const auto* job = table_.find(id);
  if (job == nullptr || !job->lease) return;
  const auto token = job->lease->token;
  if (loss != Loss::handed_back) ++staged_losses_.all;
  const auto taken = change(id, now, [&](Job& j) {
    switch (loss) {
      case Loss::crashed:
        return jobs::lose_attempt(j, token, reason, policy_of(j), now.wall);
      case Loss::interrupted:
        return jobs::interrupt_attempt(j, token, reason, now.wall);
      case Loss::handed_back:
      case Loss::recovered:
        break;
    }
    return jobs::hand_back(j, token, reason, now.wall);
  });
  (void)taken;  // The token was read from the job itself, so it is the current one.
}

}  // namespace darkroom::actors
