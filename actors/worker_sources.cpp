#include <utility>

#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"
#include "actors/worker.hpp"

// What the worker does with tasks whose original has to be fetched from its source: the slot's
// source fetcher gets it, the registry is told, and its answer is the task for the slot's runner.

namespace darkroom::actors {

void WorkerState::begin(Slot& slot) {
  if (!must_fetch(*slot.task)) {
    slot.stage = Stage::running;
    self->send(slot.runner, atom::run_v, *slot.task);
    return;
  }
  slot.stage = Stage::fetching;
  if (slot.fetcher) {
    self->send(slot.fetcher, atom::run_v, *slot.task);
    return;
  }
  finished({config.id,
            slot.task->job,
            slot.task->token,
            JobOutcome::failed,
            {jobs::ErrorKind::transient,
             "This worker does not fetch pictures from URLs now (source.enabled)."},
            {}});
}

void WorkerState::fetcher_started(std::uint32_t index, SourceFetcherActor fetcher) {
  if (index >= slots.size()) return;
  auto& slot = slots[index];
  slot.fetcher = std::move(fetcher);
  self->monitor(slot.fetcher);
  if (slot.stage == Stage::fetching) lose_task(slot);
}

void WorkerState::fetcher_down(const caf::down_msg& down) {
  const bool told = down.reason == caf::exit_reason::user_shutdown;
  for (auto& slot : slots) {
    if (!slot.fetcher || slot.fetcher.address() != down.source) continue;
    slot.fetcher = nullptr;
    if (slot.stage != Stage::fetching) continue;
    lose_task(slot, told ? JobOutcome::handed_back : JobOutcome::failed);
  }
}

void WorkerState::fetched(FetchedReport report) {
  auto* slot = slot_of(report.token);
  if (slot == nullptr || slot->stage != Stage::fetching) return;
  if (slot->abandoned) {
    // The registry knows whether the file is of use to anybody.
    if (joined) {
      self->request(registry, registry_timeout, atom::fetched_v, std::move(report))
          .then([](const Task&) {}, [](const caf::error&) {});
    }
    give_back(*slot);
    return;
  }
  slot->stage = Stage::reporting;
  slot->fetched = std::move(report);
  slot->fetched_under_way = false;
  if (joined) send_fetched();
}

void WorkerState::send_fetched() {
  for (auto& slot : slots) {
    if (!slot.task || slot.stage != Stage::reporting || slot.fetched_under_way) continue;
    slot.fetched_under_way = true;
    self->request(registry, registry_timeout, atom::fetched_v, slot.fetched)
        .then([this](Task& task) { fetched_taken(std::move(task)); },
              [this, token = slot.task->token](const caf::error& error) {
                fetched_refused(token, to_service_error(error));
              });
  }
}

void WorkerState::fetched_taken(Task task) {
  auto* slot = slot_of(task.token);
  // It may come twice, or after the lease was lost.
  if (slot == nullptr || slot->stage != Stage::reporting) return;
  slot->task = std::move(task);
  slot->stage = Stage::running;
  slot->started_at = self->clock().now();
  if (slot->runner) {
    begin(*slot);
  } else {
    lose_task(*slot);
  }
}

void WorkerState::fetched_refused(const jobs::LeaseToken& token, const ServiceError& reason) {
  auto* slot = slot_of(token);
  if (slot == nullptr || slot->stage != Stage::reporting) return;
  slot->fetched_under_way = false;
  const auto job = slot->task->job;
  switch (reason.code) {
    case ServiceErrorCode::stale_lease:
      spdlog::warn("original dropped: {} job={}", reason.message, job.to_string());
      slot->abandoned = true;
      give_back(*slot);
      break;
    case ServiceErrorCode::bad_report:
      finished({config.id,
                job,
                token,
                JobOutcome::failed,
                {jobs::ErrorKind::transient, "The worker's report did not fit the job."},
                {}});
      break;
    default:
      // The next tick, or the next join, sends it again.
      spdlog::warn("original not taken yet: {} job={}", reason.message, job.to_string());
  }
}

void WorkerState::give_back(Slot& slot) {
  finished({config.id,
            slot.task->job,
            slot.task->token,
            JobOutcome::handed_back,
            {jobs::ErrorKind::transient, "Nobody wants this task any more."},
            {}});
}

}  // namespace darkroom::actors
