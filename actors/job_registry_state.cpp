#include <algorithm>
#include <chrono>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/job_log.hpp"
#include "actors/job_registry.hpp"
#include "actors/service_error.hpp"

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
  const auto moment = now();
  const auto assignments = ledger->assign(moment);
  if (!commit_and_answer()) return;  // The next tick tries again to hand out leases.
  for (const auto& assignment : assignments)
    send_task(assignment);
  if (ledger->can_assign(moment.wall)) ask_for_flush();
}

bool JobRegistryState::commit_and_answer() {
  const auto written = ledger->commit(now());
  note_store();
  std::optional<ServiceError> error;
  if (written) {
    for (const auto& change : *written) {
      log_job_change(change);
      const auto& job = change.after;
      if (job && job->status == jobs::JobStatus::failed) {
        discard(job->id, jobs::unfinished_keys(*job));
      }
    }
  } else {
    error = to_write_error(written.error());
  }
  for (auto& answer : std::exchange(waiting, {}))
    answer(error ? &*error : nullptr);
  return !error;
}

void JobRegistryState::note_store() {
  const auto& error = ledger->store_error();
  if (!error.empty() && !write_failing) spdlog::error("store refused a write: {}", error);
  if (error.empty() && write_failing) spdlog::info("store takes writes again");
  write_failing = !error.empty();
}

void JobRegistryState::send_task(const RegistryLedger::Assignment& assignment) {
  const auto worker = workers.find(assignment.worker.name);
  if (worker == workers.end() || worker->second.id != assignment.worker) {
    // Nobody to send it to: rather back into the queue than out of sight until the lease ends.
    ledger->leave(assignment.worker, now());
    ask_for_flush();
    return;
  }
  self->send(worker->second.handle, atom::run_v, assignment.task);
}

void JobRegistryState::schedule_tick() {
  self->delayed_send(self, tick_interval, atom::tick_v, ++tick_generation);
}

void JobRegistryState::tick(std::uint64_t generation) {
  if (generation != tick_generation) return;
  schedule_tick();
  const auto moment = now();
  // After a stall of our own, a slow disk or a stopped machine, the heartbeats of that time lie
  // behind this message in the mailbox. They are heard first, and judged at the next tick.
  const bool stalled = moment.steady - last_tick > 4 * tick_interval;
  last_tick = moment.steady;
  if (!stalled) {
    for (const auto& worker : ledger->expire_leases(moment)) {
      spdlog::warn("worker struck off: nothing was heard from it for {} ms worker={}",
                   ledger->options().lease.count(), worker.name);
    }
  }
  if (ledger->staged() > 0 || ledger->can_assign(moment.wall)) ask_for_flush();
}

RegistryLedger::Result<void> JobRegistryState::enter(const WorkerHello& hello, WorkerActor handle) {
  const auto kept = ledger->join(hello, now());
  if (!kept) return tl::unexpected(kept.error());
  const auto known = workers.find(hello.worker.name);
  if (known != workers.end() && known->second.handle != handle) {
    self->demonitor(known->second.handle.address());
  }
  self->monitor(handle);
  workers.insert_or_assign(hello.worker.name, Member{hello.worker, std::move(handle)});
  spdlog::info("worker joined worker={} slots={} leases_kept={}", hello.worker.name, hello.slots,
               *kept);
  return {};
}

void JobRegistryState::refuse(const char* what, const jobs::JobId& job,
                              const jobs::WorkerId& worker, const ServiceError& error,
                              std::vector<std::string> keys) {
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

void JobRegistryState::worker_down(const caf::actor_addr& source) {
  const auto found = std::ranges::find_if(
      workers, [&](const auto& entry) { return entry.second.handle.address() == source; });
  if (found == workers.end()) return;
  spdlog::warn("worker lost worker={}", found->second.id.name);
  ledger->lose(found->second.id, "the worker process died or its connection broke", now());
  workers.erase(found);
  ask_for_flush();
}

}  // namespace darkroom::actors
