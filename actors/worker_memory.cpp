#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"
#include "actors/task_log.hpp"
#include "actors/worker.hpp"

// The memory that the tasks of one worker share.

namespace darkroom::actors {
namespace {

/// Rounded up.
std::uint64_t in_mib(std::uint64_t bytes) {
  constexpr std::uint64_t mib = std::uint64_t{1} << 20U;
  return (bytes + mib - 1) / mib;
}

}  // namespace

WorkerState::Reservation WorkerState::reserve(const jobs::LeaseToken& task, std::uint64_t bytes) {
  auto promise = self->make_response_promise<atom::done>();
  auto* slot = slot_of(task);
  if (slot == nullptr || slot->waiting || slot->abandoned || draining) {
    promise.deliver(
        make_error({ServiceErrorCode::unavailable, "The task is not wanted any more."}));
    return promise;
  }
  if (!memory.can_ever_grant(bytes)) {
    promise.deliver(make_error(
        {ServiceErrorCode::too_much_memory,
         fmt::format("This image and its renditions take about {} MiB of memory; a worker of this "
                     "service has {} MiB for all that it works on (worker.memory).",
                     in_mib(bytes), memory.bytes() >> 20U)}));
    return promise;
  }
  slot->waiting = promise;
  memory.ask(task, bytes);
  grant_memory();
  if (slot->waiting) {
    spdlog::debug("waits for memory: {} MiB, of {} MiB {} are in use {}", in_mib(bytes),
                  memory.bytes() >> 20U, in_mib(memory.in_use()), task_pairs(*slot->task));
  }
  return promise;
}

void WorkerState::grant_memory() {
  for (const auto& task : memory.grant()) {
    auto* slot = slot_of(task);
    if (slot == nullptr || !slot->waiting) continue;
    slot->started_at = self->clock().now();
    std::exchange(slot->waiting, std::nullopt)->deliver(atom::done_v);
  }
}

void WorkerState::stop_waiting(Slot& slot) {
  if (!slot.waiting) return;
  memory.release(slot.task->token);
  std::exchange(slot.waiting, std::nullopt)
      ->deliver(make_error({ServiceErrorCode::unavailable, "The task is not wanted any more."}));
  grant_memory();
}

}  // namespace darkroom::actors
