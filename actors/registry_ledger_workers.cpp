#include <algorithm>
#include <utility>

#include "actors/hello_check.hpp"
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
  if (const auto fault = fault_of(hello); !fault.empty()) {
    return tl::unexpected(ServiceError{ServiceErrorCode::bad_worker, "The worker " + fault});
  }
  struck_off_.erase(hello.worker);
  // Leases from before the registry's own restart are the worker's still, if it names them.
  const auto held = leases_.held_by(hello.worker);
  const auto fetched =
      std::ranges::count_if(held, [&](const JobId& id) { return must_fetch(*table_.find(id)); });
  const auto& node = hello.node.empty() ? hello.worker.name : hello.node;
  jobs::WorkerRoster::Newcomer newcomer{
      .worker = hello.worker,
      .slots = hello.slots,
      .holds = static_cast<std::uint32_t>(held.size() - static_cast<std::size_t>(fetched)),
      .alone = std::ranges::any_of(
          held, [&](const JobId& id) { return must_run_alone(*table_.find(id)); }),
      .drained = is_drained(hello.worker.name, node),
      .node = node,
      .version = hello.version,
      .takes = table_.order().subscribe(hello.queues),
      .joined_at = now.wall};
  if (!roster_.join(newcomer, now.steady))
    return tl::unexpected(duplicate_worker(hello.worker.name));
  newcomer.slots = hello.fetches;
  newcomer.holds = static_cast<std::uint32_t>(fetched);
  newcomer.alone = false;
  newcomer.takes = table_.fetches().subscribe(hello.queues);
  (void)fetchers_.join(newcomer, now.steady);  // Their members are the same.
  for (const auto& id : held) {
    const auto& token = table_.find(id)->lease->token;
    if (std::ranges::find(hello.held, token) != hello.held.end()) continue;
    take_back(id, "the task did not reach the worker", Loss::recovered, now);
  }
  // Its first heartbeat tells it what it has lost.
  const auto lost = renew({.worker = hello.worker,
                           .accepts = hello.accepts,
                           .held = hello.held,
                           .restarts = 0,
                           .strays = hello.strays,
                           .fetches = hello.accepts > 0 ? hello.fetches : 0,
                           .fetching = hello.fetching},
                          now);
  return hello.held.size() - lost.size();
}

void RegistryLedger::leave(const jobs::WorkerId& worker, Now now) {
  for (const auto& id : leases_.held_by(worker)) {
    take_back(id, "the worker stopped and handed the job back", Loss::handed_back, now);
  }
  forget(worker);
}

void RegistryLedger::not_sent(const Task& task, Now now) {
  if (is_current(task)) take_back(task.job, "the worker is gone", Loss::recovered, now);
}

RegistryLedger::Result<HeartbeatReply> RegistryLedger::heartbeat(const Heartbeat& heartbeat,
                                                                 Now now) {
  if (!roster_.contains(heartbeat.worker)) return tl::unexpected(unknown_worker(heartbeat.worker));
  auto& restarts = restarts_[heartbeat.worker];
  if (heartbeat.restarts > restarts) {
    actor_restarts_ += heartbeat.restarts - restarts;
    restarts = heartbeat.restarts;
  }
  if (heartbeat.ailment.empty()) {
    ailments_.erase(heartbeat.worker);
  } else {
    ailments_.insert_or_assign(heartbeat.worker,
                               heartbeat.ailment.substr(0, worker_limits::ailment_bytes));
  }
  return HeartbeatReply{renew(heartbeat, now)};
}

std::vector<jobs::LeaseToken> RegistryLedger::renew(const Heartbeat& heartbeat, Now now) {
  std::vector<jobs::LeaseToken> lost;
  for (const auto& token : heartbeat.held) {
    if (!leases_.renew(token, heartbeat.worker, now.steady + options_.lease)) lost.push_back(token);
  }
  // A slot is busy for as long as the worker has not heard that its job is lost, and who fetches is
  // for that of a picture.
  const auto fetching =
      static_cast<std::uint32_t>(std::ranges::count_if(lost, [&](const jobs::LeaseToken& token) {
        return std::ranges::find(heartbeat.fetching, token) != heartbeat.fetching.end();
      }));
  const auto busy = static_cast<std::uint32_t>(lost.size()) - fetching;
  const auto accepts = heartbeat.accepts > busy ? heartbeat.accepts - busy : 0;
  (void)roster_.heard_from(heartbeat.worker, accepts, heartbeat.strays + busy, now.steady);
  const auto fetches = heartbeat.fetches > fetching ? heartbeat.fetches - fetching : 0;
  (void)fetchers_.heard_from(heartbeat.worker, fetches, 0, now.steady);
  return lost;
}

RegistryLedger::Result<void> RegistryLedger::rendition(const RenditionReport& report, Now now) {
  return change(report.job, now, [&](Job& job) {
    return jobs::finish_rendition(job, report.token, report.result, now.wall);
  });
}

RegistryLedger::Result<void> RegistryLedger::finish(const JobReport& report, Now now) {
  const auto* running = table_.find(report.job);
  const bool fetched = running != nullptr && must_fetch(*running);
  if (running == nullptr || !running->lease) {
    if (const auto job = get(report.job); job && is_repetition(*job, report)) return {};
  }
  auto taken = change(report.job, now, [&](Job& job) {
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
  if (!taken) return taken;
  // It runs on in a process that is about to end.
  if (report.outcome == JobOutcome::crashed) roster_.slot_is_busy(report.worker);
  // Who hands a job back, is about to end or has no room on its disk can do with none until a
  // heartbeat says otherwise.
  const bool of_both = report.outcome == JobOutcome::crashed || !report.error.ailment.empty();
  const bool of_one = report.outcome == JobOutcome::handed_back;
  if (of_both || (of_one && !fetched)) roster_.takes_none(report.worker);
  if (of_both || (of_one && fetched)) fetchers_.takes_none(report.worker);
  return taken;
}

std::vector<std::string> RegistryLedger::unwanted(const JobId& id,
                                                  std::vector<std::string> keys) const {
  // An original goes only where the record tells that an attempt may have left it: another may be
  // that of an upload whose job is about to be made.
  const auto job = get(id);
  const auto leftovers = job ? jobs::leftover_keys(*job) : std::vector<std::string>{};
  const auto may_go = [&](const std::string& key) {
    return is_rendition_of(id, key) || std::ranges::find(leftovers, key) != leftovers.end();
  };
  std::erase_if(keys, [&](const std::string& key) {
    return !may_go(key) || is_needed(id, key).value_or(true);
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
  for (const auto& worker : silent) {
    staged_losses_.expired += leases_.held_by(worker).size();
    lose(worker, "the worker fell silent", Death::silence, now);
  }
  // What is left are leases of workers that have not shown up since a restart, and tasks that never
  // reached their worker. Neither is the job's fault.
  for (const auto& id : leases_.expired(now.steady)) {
    // One that is late may be at work there all the same, beside others.
    const auto worker = table_.find(id)->lease->worker;
    if (leases_.progress(id) != jobs::LeaseProgress::granted) took_away(worker, *table_.find(id));
    ++staged_losses_.expired;
    take_back(id, "the lease ran out and nobody renewed it", Loss::recovered, now);
  }
  return silent;
}

std::vector<RegistryLedger::Assignment> RegistryLedger::assign(Now now) {
  table_.advance(now.wall);
  std::vector<Assignment> assignments;
  while (const auto next = next_assignment()) {
    // A job that is staged already, a new one above all, makes the batch no larger.
    if (staged_.size() >= options_.batch_limit && !staged_.contains(next->job)) break;
    const auto& [id, worker, turn] = *next;
    const auto& waiting = *table_.find(id);
    if (turn) table_.order_of(waiting).take_turn(*turn, waiting);
    const jobs::Lease lease{.token = options_.new_token(), .worker = worker};
    const auto started =
        change(id, now, [&](Job& job) { return jobs::start_attempt(job, lease, now.wall); });
    if (!started) break;
    assignments.push_back({worker, task_of(*table_.find(id))});
  }
  return assignments;
}

bool RegistryLedger::can_assign(jobs::Timestamp now) {
  table_.advance(now);
  return next_assignment().has_value();
}

std::optional<RegistryLedger::Next> RegistryLedger::next_assignment() const {
  const auto& order = table_.order();
  std::optional<jobs::WorkerId> kept_free;
  for (const auto& head : order.alone_heads()) {
    const auto place = roster_.emptiest(order.name_of(head.queue));
    if (place && place->idle) return Next{head.id, place->worker};
    // It gets no more jobs until it is empty; without that the job might wait for ever. One at a
    // time: the others have work to do.
    if (place && !kept_free) kept_free = place->worker;
  }
  if (auto next = next_of(order, roster_, kept_free)) return next;
  return next_of(table_.fetches(), fetchers_, std::nullopt);
}

std::optional<RegistryLedger::Next> RegistryLedger::next_of(
    const jobs::QueueOrder& order, const jobs::WorkerRoster& roster,
    const std::optional<jobs::WorkerId>& except) {
  const auto has_work = [&order](jobs::Subscription& takes) {
    return order.next(takes).has_value();
  };
  auto choice = roster.most_credit(has_work, except);
  if (!choice) return std::nullopt;
  const auto job = order.next(*choice->takes);
  return Next{*job, std::move(choice->worker), std::move(choice->takes)};
}

}  // namespace darkroom::actors
