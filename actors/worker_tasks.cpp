#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"
#include "actors/task_log.hpp"
#include "actors/worker.hpp"

// What the worker does with the tasks that it is given; the rest of it is in worker.cpp.

namespace darkroom::actors {

bool WorkerState::is_first(const Task& task) {
  // Far more than can be under way to one worker.
  constexpr std::size_t remembered = 256;
  if (std::ranges::find(seen, task.token, &Seen::token) != seen.end()) return false;
  seen.push_back({task.token, must_fetch(task)});
  if (seen.size() > remembered) seen.pop_front();
  return true;
}

void WorkerState::take(Task task) {
  if (!is_first(task)) {
    spdlog::debug("task came twice {}", task_pairs(task));
    return;
  }
  const bool fetches = must_fetch(task);
  const auto free = std::ranges::find_if(slots, [&](const Slot& slot) {
    return !slot.task.has_value() && (fetches ? bool{slot.fetcher} : bool{slot.runner});
  });
  if (free == slots.end() || draining) {
    // The registry keeps to our credit, so this is a lease that crossed with our drain or with a
    // runner's restart. It goes back at no cost.
    finished({config.id,
              task.job,
              task.token,
              JobOutcome::handed_back,
              {jobs::ErrorKind::transient, "the worker had no free slot"},
              {}});
    return;
  }
  free->started_at = self->clock().now();
  free->abandoned = false;
  free->fetched_under_way = false;
  worked_since_tick = true;
  if (spdlog::should_log(spdlog::level::debug))
    spdlog::debug("task begins attempt={} {}", task.attempt, task_pairs(task));
  free->task = std::move(task);
  free->stage = fetches ? Stage::fetching : Stage::running;
  if (fetches) {
    self->send(free->fetcher, atom::run_v, *free->task);
  } else {
    self->send(free->runner, atom::run_v, *free->task);
  }
}

void WorkerState::runner_started(std::uint32_t index, TaskRunnerActor runner) {
  if (index >= config.options.slots) return;
  auto& slot = slots[index];
  slot.runner = std::move(runner);
  self->monitor(slot.runner);
  lose_task(slot);
}

void WorkerState::runner_down(const caf::down_msg& down) {
  const bool told = down.reason == caf::exit_reason::user_shutdown;
  for (auto& slot : slots) {
    if (!slot.runner || slot.runner.address() != down.source) continue;
    slot.runner = nullptr;
    lose_task(slot, told ? JobOutcome::handed_back : JobOutcome::failed);
    // Until another runner is there, this slot takes nothing.
    if (joined) send_heartbeat();
  }
}

void WorkerState::lose_task(Slot& slot, JobOutcome outcome) {
  if (!slot.task) return;
  const auto task = std::move(*slot.task);
  slot.task.reset();
  slot.waiting.reset();  // Whoever asked is gone.
  memory.release(task.token);
  grant_memory();
  if (slot.abandoned) return;
  finished({config.id,
            task.job,
            task.token,
            outcome,
            {jobs::ErrorKind::transient, "The worker failed while it worked on this image."},
            {}});
}

void WorkerState::forward(const RenditionReport& report) {
  const auto* slot = slot_of(report.token);
  // One of a lost lease goes too: the registry knows whether the file is of use to anybody.
  if (!joined || slot == nullptr) return;
  self->request(registry, registry_timeout, atom::rendition_v, report)
      .then([](atom::done) {},
            [report](const caf::error& error) {
              // Nothing is lost: the report of the whole job carries it again.
              spdlog::debug("rendition not noted: {} job={}", to_service_error(error).message,
                            report.job.to_string());
            });
}

void WorkerState::note_health(const JobReport& report) {
  const auto& what = report.error.ailment;
  if (what.empty()) {
    if (report.outcome == JobOutcome::completed && ailment.pass()) {
      spdlog::info("this worker's machine can do jobs again worker={}", config.id.name);
    }
    return;
  }
  if (!ailment.strike(what, self->clock().now())) return;
  spdlog::warn(
      "this worker takes no jobs for {} s, and then tries one: {}; make room or mend that, or "
      "start it with another storage.path worker={}",
      duration_cast<std::chrono::seconds>(ailment.pause()).count(), what, config.id.name);
  if (joined) schedule_tick(until_heartbeat());
}

void WorkerState::finished(JobReport report) {
  note_health(report);
  auto* slot = slot_of(report.token);
  const bool abandoned = slot != nullptr && slot->abandoned;
  auto job =
      slot != nullptr && slot->task ? task_pairs(*slot->task) : "job=" + report.job.to_string();
  if (slot != nullptr) {
    slot->task.reset();
    slot->waiting.reset();
    memory.release(report.token);
    grant_memory();
  }
  if (abandoned) {
    // The slot is good for work again, which the registry does not know yet.
    if (joined) send_heartbeat();
  } else if (leaving && report.outcome == JobOutcome::handed_back && report.results.empty()) {
    // Leaving hands it back already, also what crossed with it: a report would be refused.
  } else {
    outcomes.push_back({std::move(report), std::move(job)});
    if (joined) {
      send_outcomes();
      // Says that this worker takes none, and why.
      if (ailment.pauses(self->clock().now())) send_heartbeat();
    }
  }
  quit_when_idle();
}

void WorkerState::send_outcomes() {
  for (auto& outcome : outcomes) {
    if (outcome.under_way) continue;
    outcome.under_way = true;
    self->request(registry, registry_timeout, atom::finish_v, outcome.report)
        .then([this, token = outcome.report.token](atom::done) { forget_outcome(token); },
              [this, token = outcome.report.token, job = outcome.job](const caf::error& error) {
                const auto reason = to_service_error(error);
                if (reason.code == ServiceErrorCode::stale_lease) {
                  spdlog::warn("result dropped: {} {}", reason.message, job);
                  forget_outcome(token);
                  // The slot is good for work again, which the registry does not know yet.
                  if (joined) send_heartbeat();
                  return;
                }
                // The next tick, or the next join, sends it again.
                spdlog::warn("result not taken yet: {} {}", reason.message, job);
                for (auto& waiting : outcomes) {
                  if (waiting.report.token == token) waiting.under_way = false;
                }
              });
  }
}

void WorkerState::forget_outcome(const jobs::LeaseToken& token) {
  std::erase_if(outcomes, [&](const Outcome& outcome) { return outcome.report.token == token; });
  quit_when_idle();
}

void WorkerState::drop_lost(const std::vector<jobs::LeaseToken>& lost) {
  for (const auto& token : lost)
    abandon(token);
}

void WorkerState::abandon(const jobs::LeaseToken& token) {
  // A report under way answers for itself; what runs still has lost its purpose.
  auto* slot = slot_of(token);
  if (slot == nullptr || slot->abandoned) return;
  spdlog::info("lease lost: its job is stopped {}", task_pairs(*slot->task));
  slot->abandoned = true;
  stop_waiting(*slot);
  if (config.cancel) config.cancel(static_cast<std::size_t>(slot - slots.data()), token);
  if (slot->stage == Stage::reporting) {
    give_back(*slot);
  } else if (slot->runner && slot->stage == Stage::running) {
    self->send(slot->runner, atom::cancel_v, token);
  }
}

void WorkerState::watch_for_stuck_jobs() {
  if (!hung_job.empty()) return;
  const auto now = self->clock().now();
  const auto seconds = [](std::chrono::milliseconds limit) {
    return static_cast<double>(limit.count()) / 1'000;
  };
  for (std::size_t i = 0; i < slots.size(); ++i) {
    auto& slot = slots[i];
    if (!slot.task || slot.waiting || slot.stage == Stage::reporting) continue;
    if (const auto limit = config.options.job_timeout; now - slot.started_at >= limit) {
      give_up(slot, fmt::format("a job has run for more than {} ms", limit.count()),
              fmt::format("Processing took longer than the {} s that one image may take.",
                          seconds(limit)));
      return;
    }
    const auto limit = config.options.job_cpu;
    if (config.cpu_time && !is_for_fetches(slot) && config.cpu_time(i) >= limit) {
      give_up(slot, fmt::format("a job has taken more than {} ms of CPU time", limit.count()),
              fmt::format("Processing took more than the {} s of CPU time that one image may take.",
                          seconds(limit)));
      return;
    }
  }
}

void WorkerState::give_up(Slot& slot, const std::string& log, const std::string& message) {
  const auto& task = *slot.task;
  hung_job = log + " " + task_pairs(task);
  spdlog::error("{}", hung_job);
  if (!slot.abandoned) {
    slot.abandoned = true;
    outcomes.push_back({{config.id,
                         task.job,
                         task.token,
                         JobOutcome::crashed,
                         {jobs::ErrorKind::transient, message},
                         {}},
                        task_pairs(task)});
    if (joined) send_outcomes();
  }
  drain();
  quit_when_idle();
}

void WorkerState::watch_for_idleness() {
  const bool works =
      std::ranges::any_of(slots, [](const Slot& slot) { return slot.task.has_value(); });
  if (!works && !std::exchange(worked_since_tick, false) && config.idle) config.idle();
}

std::vector<jobs::LeaseToken> WorkerState::held() const {
  std::vector<jobs::LeaseToken> tokens;
  for (const auto& slot : slots) {
    if (slot.task && !slot.abandoned) tokens.push_back(slot.task->token);
  }
  for (const auto& outcome : outcomes)
    tokens.push_back(outcome.report.token);
  return tokens;
}

std::vector<jobs::LeaseToken> WorkerState::leases_to_renew() const {
  auto tokens = held();
  for (const auto& outcome : outcomes) {
    if (outcome.under_way) std::erase(tokens, outcome.report.token);
  }
  for (const auto& slot : slots) {
    if (slot.task && slot.fetched_under_way) std::erase(tokens, slot.task->token);
  }
  return tokens;
}

bool WorkerState::all_runners_up() const {
  return std::ranges::all_of(
      slots, [this](const Slot& slot) { return is_for_fetches(slot) || slot.runner; });
}

std::uint32_t WorkerState::strays() const {
  return static_cast<std::uint32_t>(std::ranges::count_if(slots, [this](const Slot& slot) {
    return slot.task && slot.abandoned && !is_for_fetches(slot);
  }));
}

std::uint32_t WorkerState::accepted_jobs() const {
  return willing_to_hold(static_cast<std::uint32_t>(std::ranges::count_if(
      slots, [](const Slot& slot) { return slot.runner && !(slot.task && slot.abandoned); })));
}

std::uint32_t WorkerState::accepted_fetches() const {
  return willing_to_hold(static_cast<std::uint32_t>(std::ranges::count_if(
      slots, [](const Slot& slot) { return slot.fetcher && !(slot.task && slot.abandoned); })));
}

std::uint32_t WorkerState::willing_to_hold(std::uint32_t usable) const {
  if (draining || ailment.pauses(self->clock().now())) return 0;
  // After a pause one job shows whether the others can be done.
  return ailment.what().empty() ? usable : std::min(usable, 1U);
}

WorkerState::Slot* WorkerState::slot_of(const jobs::LeaseToken& token) {
  const auto found = std::ranges::find_if(
      slots, [&](const Slot& slot) { return slot.task && slot.task->token == token; });
  return found == slots.end() ? nullptr : &*found;
}

}  // namespace darkroom::actors
