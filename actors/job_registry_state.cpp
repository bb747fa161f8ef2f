#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/job_log.hpp"
#include "actors/job_registry.hpp"
#include "actors/service_error.hpp"
#include "actors/task_urls.hpp"

namespace darkroom::actors {
namespace {

/// How often expired leases and due retries are looked for.
constexpr std::chrono::milliseconds tick_interval{250};

}  // namespace

Now JobRegistryState::now() const {
  return {.wall = wall_clock(), .steady = self->clock().now()};
}

void JobRegistryState::answer_after_commit(Answer answer) {
  waiting.push_back(std::move(answer));
  // A batch is bounded, however long the burst.
  if (ledger->staged() >= ledger->options().batch_limit) {
    flush();
  } else {
    ask_for_flush();
  }
}

void JobRegistryState::ask_for_flush() {
  if (flush_asked) return;
  flush_asked = true;
  self->send(self, atom::flush_v);
}

void JobRegistryState::flush() {
  if (under_way && ledger->staged() < ledger->options().batch_limit) return;
  // The next batch is full as well: whoever adds to it waits for the disk.
  if (under_way) finish(committer->wait());
  if (!under_way) start(ledger->assign(now()));
}

void JobRegistryState::start(std::vector<RegistryLedger::Assignment> assignments) {
  under_way = Batch{.changes = ledger->begin_commit(),
                    .waiting = std::exchange(waiting, {}),
                    .assignments = std::move(assignments)};
  under_way->is_look = std::exchange(look_wanted, false) && under_way->changes.empty();
  if (under_way->changes.empty() && !under_way->is_look) {
    finish({});
  } else if (committer) {
    committer->start(under_way->changes);
  } else {
    finish(write_batch(*store, under_way->changes));
  }
}

void JobRegistryState::after_look_at_store(std::function<void()> then) {
  // Each look is a synced write, and anybody may ask.
  constexpr std::chrono::seconds look_interval{1};
  if (!ledger->store_tried_since(now().steady - look_interval)) {
    look_wanted = true;
  } else if (!look_wanted && !(under_way && under_way->is_look)) {
    then();
    return;
  }
  answer_after_commit([then = std::move(then)](const ServiceError*) { then(); });
}

void JobRegistryState::take_outcome() {
  if (!under_way) return;
  if (const auto outcome = committer->take()) finish(*outcome);
}

void JobRegistryState::commit_all() {
  ending = true;
  if (under_way) finish(committer->wait());
  start({});
  if (under_way) finish(committer->wait());
}

void JobRegistryState::finish(const Committer::Outcome& written) {
  auto batch = *std::exchange(under_way, std::nullopt);
  if (batch.is_look) {
    ledger->note_write(written, now());
  } else if (!batch.changes.empty()) {
    ledger->end_commit(written, now());
  }
  note_store();
  // What has gathered is written while the answers go out.
  const bool goes_on = !ending && !keeping_decisions;
  if (written && committer && goes_on && ledger->staged() > 0) start(ledger->assign(now()));
  std::optional<ServiceError> error;
  if (written) {
    tell(batch.changes.jobs);
    ring(batch.changes.records);
    for (const auto& change : batch.changes.jobs) {
      log_job_change(change);
      const auto& job = change.after;
      const bool ended = job && is_final(job->status);
      if (ended && !(change.before && is_final(change.before->status))) {
        discard(job->id, jobs::leftover_keys(*job));
      }
    }
    for (const auto& change : batch.changes.records)
      log_batch_change(change);
  } else if (batch.is_look) {
    // There was nothing to lose.
  } else {
    error = to_write_error(written.error());
    // What has gathered since was undone with it.
    std::ranges::move(std::exchange(waiting, {}), std::back_inserter(batch.waiting));
  }
  for (auto& answer : batch.waiting)
    answer(error ? &*error : nullptr);
  if (error) return;  // The next tick tries again to hand out leases.
  for (const auto& assignment : batch.assignments)
    send_task(assignment);
  const bool more = ledger->staged() > 0 || !waiting.empty();
  if (more || ledger->can_assign(wall_clock())) ask_for_flush();
}

RegistryLedger::Result<void> JobRegistryState::keep(persistence::OperatorState decisions) {
  if (decisions == ledger->decisions()) return {};
  if (auto kept =
          put_text(persistence::operators_text, persistence::encode_operator_state(decisions));
      !kept) {
    return kept;
  }
  ledger->adopt(std::move(decisions));
  return {};
}

RegistryLedger::Result<void> JobRegistryState::put_text(std::string_view called,
                                                        const std::string& text) {
  // The committer is not to write meanwhile.
  keeping_decisions = true;
  if (under_way) finish(committer->wait());
  keeping_decisions = false;
  const auto written = store->put_text(called, text);
  ledger->note_write(written, now());
  note_store();
  ask_for_flush();
  if (!written) return tl::unexpected(to_write_error(written.error()));
  return {};
}

void JobRegistryState::note_store() {
  const auto& error = ledger->store_error();
  if (!error.empty() && !write_failing) spdlog::error("store refused a write: {}", error);
  if (error.empty() && write_failing) spdlog::info("store takes writes again");
  write_failing = !error.empty();
}

void JobRegistryState::send_task(const RegistryLedger::Assignment& assignment) {
  if (!ledger->is_current(assignment.task)) return;
  const auto worker = workers.find(assignment.worker.name);
  if (worker == workers.end() || worker->second.id != assignment.worker) {
    // Nobody to send it to: rather back into the queue than out of sight until the lease ends.
    ledger->not_sent(assignment.task, now());
    ask_for_flush();
    return;
  }
  ledger->note_sent(assignment.task, now());
  self->send(worker->second.handle, atom::run_v, task_for(assignment.worker, assignment.task));
}

Task JobRegistryState::task_for(const jobs::WorkerId& worker, Task task) const {
  const auto known = workers.find(worker.name);
  const bool reaches_files = known == workers.end() || known->second.reaches_files;
  if (!reaches_files) sign_urls(task, ledger->options().urls, wall_clock());
  return task;
}

void JobRegistryState::note_fetchers() {
  const auto changes = unfetched->note(ledger->queues_without_fetchers(), now().steady);
  for (const auto& queue : changes.begun) {
    spdlog::warn(
        "jobs wait for their pictures to be fetched, and no worker of their queue fetches: start "
        "one with source.enabled, or resume one that is drained queue={}",
        queue);
  }
  for (const auto& queue : changes.ended)
    spdlog::info("jobs wait no more for a worker that fetches, or their queue is paused queue={}",
                 queue);
}

void JobRegistryState::schedule_tick() {
  self->delayed_send(self, tick_interval, atom::tick_v, ++tick_generation);
}

void JobRegistryState::tick(std::uint64_t generation) {
  if (generation != tick_generation) return;
  schedule_tick();
  answer_listeners(ListenersDue::late);
  const auto moment = now();
  // After a stall of our own, a slow disk or a stopped machine, the heartbeats of that time lie
  // behind this message in the mailbox. They are heard first, and judged at the next tick, however
  // late that comes.
  const bool stalled = moment.steady - last_tick > 4 * tick_interval;
  last_tick = moment.steady;
  expiry_skipped = stalled && !expiry_skipped;
  if (!expiry_skipped) {
    for (const auto& worker : ledger->expire_leases(moment)) {
      spdlog::warn("worker struck off: nothing was heard from it for {} ms worker={}",
                   ledger->options().lease.count(), worker.name);
    }
  }
  note_fetchers();
  const bool waits = ledger->staged() > 0 || ledger->owes_batches();
  if (waits || ledger->can_assign(moment.wall)) ask_for_flush();
  // It comes back by being tried, and readers may wait for that while nobody writes.
  if (write_failing) after_look_at_store([] {});
}

void JobRegistryState::refuse(const char* what, const jobs::JobId& job,
                              const jobs::WorkerId& worker, const ServiceError& error,
                              std::vector<std::string> keys) {
  ledger->note_refusal();
  spdlog::warn("{} refused: {} job={} worker={}", what, error.message, job.to_string(),
               worker.name);
  if (!ledger->is_staged(job)) {
    discard(job, ledger->unwanted(job, std::move(keys)));
    return;
  }
  // The job's removal may yet be undone.
  answer_after_commit([this, job, keys = std::move(keys)](const ServiceError*) {
    discard(job, ledger->unwanted(job, keys));
  });
}

void JobRegistryState::discard(const jobs::JobId& job, const std::vector<std::string>& keys) {
  if (!remover) return;
  for (const auto& key : keys) {
    spdlog::debug("blob of no use is removed: {} job={}", key, job.to_string());
    self->send(remover, atom::discard_v, key);
  }
}

void JobRegistryState::revoke(const jobs::Lease& lease) {
  const auto known = workers.find(lease.worker.name);
  if (known == workers.end() || known->second.id != lease.worker) return;
  self->send(known->second.handle, atom::cancel_v, lease.token);
}

}  // namespace darkroom::actors
