#include <algorithm>
#include <iterator>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"
#include "actors/worker.hpp"

// What the worker does with tasks whose original has to be fetched from its source: a source
// fetcher gets it, and the registry is told, which ends the lease. Who works on the picture is its
// to say.

namespace darkroom::actors {

bool WorkerState::is_for_fetches(const Slot& slot) const {
  return static_cast<std::size_t>(&slot - slots.data()) >= config.options.slots;
}

void WorkerState::fetcher_started(std::uint32_t index, SourceFetcherActor fetcher) {
  if (index >= config.options.fetches) return;
  auto& slot = slots[config.options.slots + index];
  slot.fetcher = std::move(fetcher);
  self->monitor(slot.fetcher);
  if (slot.stage == Stage::fetching) lose_task(slot);
  // Before that it could fetch none.
  if (joined) send_heartbeat();
}

void WorkerState::fetcher_down(const caf::down_msg& down) {
  const bool told = down.reason == caf::exit_reason::user_shutdown;
  for (auto& slot : slots) {
    if (!slot.fetcher || slot.fetcher.address() != down.source) continue;
    slot.fetcher = nullptr;
    if (slot.stage == Stage::fetching)
      lose_task(slot, told ? JobOutcome::handed_back : JobOutcome::failed);
    if (joined) send_heartbeat();
  }
}

void WorkerState::fetched(FetchedReport report) {
  auto* slot = slot_of(report.token);
  if (slot == nullptr || slot->stage != Stage::fetching) return;
  if (slot->abandoned) {
    // The registry knows whether the file is of use to anybody.
    if (joined) {
      self->request(registry, registry_timeout, atom::fetched_v, std::move(report))
          .then([](atom::done) {}, [](const caf::error&) {});
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
        .then([this, token = slot.task->token](atom::done) { fetched_taken(token); },
              [this, token = slot.task->token](const caf::error& error) {
                fetched_refused(token, to_service_error(error));
              });
  }
}

void WorkerState::fetched_taken(const jobs::LeaseToken& token) {
  auto* slot = slot_of(token);
  // It may come twice, or after the lease was lost.
  if (slot == nullptr || slot->stage != Stage::reporting) return;
  slot->task.reset();
  slot->stage = Stage::running;
  slot->fetched_under_way = false;
  if (slot->abandoned && joined) send_heartbeat();
  quit_when_idle();
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

std::vector<jobs::LeaseToken> WorkerState::fetches_among(
    const std::vector<jobs::LeaseToken>& tokens) const {
  std::vector<jobs::LeaseToken> fetches;
  std::ranges::copy_if(tokens, std::back_inserter(fetches), [this](const jobs::LeaseToken& token) {
    // A fetch may outlast all that is remembered of what came after it.
    const auto at_work = std::ranges::find_if(
        slots, [&](const Slot& slot) { return slot.task && slot.task->token == token; });
    if (at_work != slots.end()) return is_for_fetches(*at_work);
    const auto found = std::ranges::find(seen, token, &Seen::token);
    return found != seen.end() && found->fetches;
  });
  return fetches;
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
