#include <algorithm>
#include <utility>

#include "actors/registry_ledger.hpp"

namespace darkroom::actors {
namespace {

using jobs::AttemptOutcome;
using jobs::Job;
using jobs::JobId;

ServiceError unknown_worker(const jobs::WorkerId& worker) {
  return {ServiceErrorCode::unknown_worker, "Worker " + worker.name + " has not joined."};
}

/// The report is of the job's current lease, and makes no sense: a fault of ours.
bool is_misfit(jobs::TransitionError error) {
  return error == jobs::TransitionError::unknown_rendition ||
         error == jobs::TransitionError::unfinished;
}

AttemptOutcome outcome_after(const JobReport& report) {
  switch (report.outcome) {
    case JobOutcome::completed:
      return AttemptOutcome::completed;
    case JobOutcome::handed_back:
      return AttemptOutcome::handed_back;
    case JobOutcome::crashed:
      return AttemptOutcome::crashed;
    case JobOutcome::failed:
      break;
  }
  // A disk that takes no writes costs a job nothing.
  return report.error.kind == jobs::ErrorKind::environment ? AttemptOutcome::handed_back
                                                           : AttemptOutcome::failed;
}

/// The job's last attempt ended just as this report says. Then the report was taken, and only the
/// answer did not reach the worker in time.
bool is_repetition(const Job& job, const JobReport& report) {
  if (job.lease || job.attempts.empty()) return false;
  const auto& last = job.attempts.back();
  return last.worker == report.worker.name && last.outcome == outcome_after(report) &&
         (last.outcome == AttemptOutcome::completed || last.error == report.error.message);
}

/// "<folder>/<id>-<name>": whatever a peer on the node port names, only files of that job go.
bool is_rendition_of(const JobId& id, std::string_view key) {
  return key.substr(key.rfind('/') + 1).starts_with(id.to_string() + '-');
}

}  // namespace

RegistryLedger::Result<std::size_t> RegistryLedger::join(const WorkerHello& hello, Now now) {
  crowded_.erase(hello.worker);
  // Leases from before the registry's own restart are the worker's still, if it names them.
  const auto held = leases_.held_by(hello.worker);
  const bool alone =
      std::ranges::any_of(held, [&](const JobId& id) { return table_.find(id)->alone; });
  if (!roster_.join(hello.worker, hello.slots, static_cast<std::uint32_t>(held.size()), now.steady,
                    alone)) {
    return tl::unexpected(ServiceError{
        ServiceErrorCode::duplicate_worker,
        "Another worker called " + hello.worker.name +
            " is here; give this one another name, or wait until that one has been lost."});
  }
  for (const auto& id : held) {
    const auto& token = table_.find(id)->lease->token;
    if (std::ranges::find(hello.held, token) != hello.held.end()) continue;
    take_back(id, "the task did not reach the worker", Loss::handed_back, now);
  }
  // Its first heartbeat tells it what it has lost.
  const auto lost = renew(hello.worker, hello.held, hello.accepts, now);
  return hello.held.size() - lost.size();
}

void RegistryLedger::leave(const jobs::WorkerId& worker, Now now) {
  for (const auto& id : leases_.held_by(worker)) {
    take_back(id, "the worker stopped and handed the job back", Loss::handed_back, now);
  }
  roster_.leave(worker);
  restarts_.erase(worker);
}

void RegistryLedger::strike_off(const jobs::WorkerId& worker) {
  if (roster_.is_crowded(worker)) crowded_.insert(worker);
  roster_.leave(worker);
}

void RegistryLedger::took_away(const jobs::WorkerId& worker) {
  if (roster_.contains(worker)) {
    roster_.slot_is_busy(worker);
  } else if (!leases_.held_by(worker).empty()) {
    crowded_.insert(worker);
  }
}

void RegistryLedger::lose(const jobs::WorkerId& worker, const std::string& reason, Now now) {
  const auto held = leases_.held_by(worker);
  // Nobody knows which of several jobs took the process down.
  const bool crowded = crowded_.erase(worker) > 0 || roster_.is_crowded(worker);
  const auto loss = held.size() == 1 && !crowded ? Loss::crashed : Loss::interrupted;
  for (const auto& id : held)
    take_back(id, reason, loss, now);
  roster_.leave(worker);
  restarts_.erase(worker);
  ++counts_.lost_workers;
}

RegistryLedger::Result<HeartbeatReply> RegistryLedger::heartbeat(const Heartbeat& heartbeat,
                                                                 Now now) {
  if (!roster_.contains(heartbeat.worker)) return tl::unexpected(unknown_worker(heartbeat.worker));
  auto& restarts = restarts_[heartbeat.worker];
  if (heartbeat.restarts > restarts) {
    actor_restarts_ += heartbeat.restarts - restarts;
    restarts = heartbeat.restarts;
  }
  return HeartbeatReply{renew(heartbeat.worker, heartbeat.held, heartbeat.accepts, now)};
}

std::vector<jobs::LeaseToken> RegistryLedger::renew(const jobs::WorkerId& worker,
                                                    const std::vector<jobs::LeaseToken>& held,
                                                    std::uint32_t accepts, Now now) {
  std::vector<jobs::LeaseToken> lost;
  for (const auto& token : held) {
    if (!leases_.renew(token, worker, now.steady + options_.lease)) lost.push_back(token);
  }
  // A slot is busy for as long as the worker has not heard that its job is lost.
  const auto busy = static_cast<std::uint32_t>(lost.size());
  (void)roster_.heard_from(worker, accepts > busy ? accepts - busy : 0, now.steady);
  return lost;
}

RegistryLedger::Result<void> RegistryLedger::rendition(const RenditionReport& report, Now now) {
  return change(report.job, now, [&](Job& job) {
    return jobs::finish_rendition(job, report.token, report.result, now.wall);
  });
}

RegistryLedger::Result<void> RegistryLedger::finish(const JobReport& report, Now now) {
  // A worker that hands a job back cannot do with another until it says so in a heartbeat; one with
  // a job that ran away is about to end.
  if (report.outcome == JobOutcome::handed_back || report.outcome == JobOutcome::crashed) {
    (void)roster_.heard_from(report.worker, 0, now.steady);
  }
  const auto* running = table_.find(report.job);
  if (running == nullptr || !running->lease) {
    if (const auto job = get(report.job); job && is_repetition(*job, report)) return {};
  }
  return change(report.job, now, [&](Job& job) {
    auto applied = apply(job, report, now.wall);
    if (applied || !is_misfit(applied.error())) return applied;
    // The same report would be refused for ever, and the job would go round at no cost.
    job = *table_.find(report.job);
    return jobs::fail_attempt(
        job, report.token,
        {jobs::ErrorKind::transient, "The worker's report did not fit the job: " +
                                         std::string{jobs::to_string(applied.error())} + "."},
        policy_of(job), options_.random(), now.wall);
  });
}

std::vector<std::string> RegistryLedger::unwanted(const JobId& id,
                                                  std::vector<std::string> keys) const {
  std::erase_if(keys, [&](const std::string& key) {
    return !is_rendition_of(id, key) || is_needed(id, key).value_or(true);
  });
  return keys;
}

jobs::Transition RegistryLedger::apply(Job& job, const JobReport& report, jobs::Timestamp now) {
  for (const auto& result : report.results) {
    auto noted = jobs::finish_rendition(job, report.token, result, now);
    if (!noted) return noted;
  }
  if (auto noted = jobs::note_findings(job, report.token, report.findings, now); !noted) {
    return noted;
  }
  switch (report.outcome) {
    case JobOutcome::completed:
      return jobs::complete(job, report.token, now);
    case JobOutcome::failed:
      return jobs::fail_attempt(job, report.token, report.error, policy_of(job), options_.random(),
                                now);
    case JobOutcome::crashed:
      return jobs::lose_attempt(job, report.token, report.error.message, policy_of(job), now);
    case JobOutcome::handed_back:
      break;
  }
  return jobs::hand_back(job, report.token, report.error.message, now);
}

std::vector<jobs::WorkerId> RegistryLedger::expire_leases(Now now) {
  auto silent = roster_.silent_since(now.steady - options_.lease);
  for (const auto& worker : silent)
    lose(worker, "the worker fell silent", now);
  // What is left are leases of workers that have not shown up since a restart, and tasks that never
  // reached their worker. Neither is the job's fault.
  for (const auto& id : leases_.expired(now.steady)) {
    take_back(id, "the lease ran out and nobody renewed it", Loss::handed_back, now);
  }
  return silent;
}

std::vector<RegistryLedger::Assignment> RegistryLedger::assign(Now now) {
  std::vector<Assignment> assignments;
  while (const auto next = next_assignment(now.wall)) {
    // A job that is staged already, a new one above all, makes the batch no larger.
    if (staged_.size() >= options_.batch_limit && !staged_.contains(next->job)) break;
    const auto& [id, worker] = *next;
    const jobs::Lease lease{.token = options_.new_token(), .worker = worker};
    const auto started =
        change(id, now, [&](Job& job) { return jobs::start_attempt(job, lease, now.wall); });
    if (!started) break;
    const auto* job = table_.find(id);
    Task task{.job = id,
              .token = lease.token,
              .attempt = job->attempts.back().number,
              .original_key = job->original.blob_key,
              .renditions = {}};
    for (const auto& rendition : job->renditions) {
      if (rendition.status != jobs::RenditionStatus::completed) {
        task.renditions.push_back(rendition.spec);
      }
    }
    assignments.push_back({worker, std::move(task)});
  }
  return assignments;
}

bool RegistryLedger::can_assign(jobs::Timestamp now) const {
  return next_assignment(now).has_value();
}

std::optional<RegistryLedger::Next> RegistryLedger::next_assignment(jobs::Timestamp now) const {
  std::optional<jobs::WorkerId> kept_free;
  if (const auto* alone = table_.next_alone(now)) {
    const auto place = roster_.emptiest();
    if (place && place->idle) return Next{alone->id, place->worker};
    // It gets no more jobs until it is empty; without that the job might wait for ever.
    if (place) kept_free = place->worker;
  }
  const auto worker = roster_.most_credit(kept_free);
  if (!worker) return std::nullopt;
  const auto* ready = table_.next_ready(now);
  if (ready == nullptr) return std::nullopt;
  return Next{ready->id, *worker};
}

void RegistryLedger::take_back(const JobId& id, const std::string& reason, Loss loss, Now now) {
  const auto* job = table_.find(id);
  if (job == nullptr || !job->lease) return;
  const auto token = job->lease->token;
  const auto taken = change(id, now, [&](Job& j) {
    switch (loss) {
      case Loss::crashed:
        return jobs::lose_attempt(j, token, reason, policy_of(j), now.wall);
      case Loss::interrupted:
        return jobs::interrupt_attempt(j, token, reason, now.wall);
      case Loss::handed_back:
        break;
    }
    return jobs::hand_back(j, token, reason, now.wall);
  });
  (void)taken;  // The token was read from the job itself, so it is the current one.
}

}  // namespace darkroom::actors
