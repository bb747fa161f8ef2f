#include "actors/worker.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"

namespace darkroom::actors {
namespace {

using Self = WorkerNodeActor::stateful_pointer<WorkerState>;

constexpr std::chrono::milliseconds first_backoff{100};
constexpr std::chrono::milliseconds longest_backoff{2'000};
/// For a request that waits for a synced write at the other end.
constexpr std::chrono::seconds registry_timeout{10};

}  // namespace

// -- connection ----------------------------------------------------------------------------------

void WorkerState::connect() {
  config.connect(
      self, [this](WorkerRegistryActor found) { join(std::move(found)); },
      [this](const std::string& why) {
        if (!waiting_logged) {
          spdlog::info("waiting for the coordinator: {}", why);
          waiting_logged = true;
        }
        backoff = std::clamp(backoff * 2, first_backoff, longest_backoff);
        schedule_tick(backoff);
      });
}

void WorkerState::join(WorkerRegistryActor found) {
  registry = std::move(found);
  self->monitor(registry);
  ++connection;
  const WorkerHello hello{config.id, config.options.slots, accepted_jobs(), held()};
  self->request(registry, registry_timeout, atom::join_v, hello,
                WorkerActor{static_cast<WorkerNodeActor::pointer>(self)})
      .then(
          [this, which = connection](atom::done) {
            if (which != connection || !registry) return;
            joined = true;
            waiting_logged = false;
            backoff = std::chrono::milliseconds{0};
            spdlog::info("joined the coordinator worker={}", config.id.name);
            send_outcomes();
            send_heartbeat();
            schedule_tick(config.options.heartbeat);
          },
          [this, which = connection](const caf::error& error) {
            spdlog::warn("the coordinator did not let this worker join: {}",
                         to_service_error(error).message);
            lost_registry(which);
          });
}

void WorkerState::lost_registry(std::uint64_t which_connection) {
  if (!registry || which_connection != connection) return;
  self->demonitor(registry.address());
  registry = nullptr;
  joined = false;
  for (auto& outcome : outcomes)
    outcome.under_way = false;
  backoff = std::clamp(backoff * 2, first_backoff, longest_backoff);
  schedule_tick(backoff);
}

void WorkerState::schedule_tick(std::chrono::milliseconds delay) {
  self->delayed_send(self, delay, atom::tick_v, ++tick_generation);
}

void WorkerState::tick(std::uint64_t generation) {
  if (generation != tick_generation) return;
  watch_for_stuck_jobs();
  if (!registry) {
    // To join before the runners are up would be to ask for work that nobody can do.
    if (all_runners_up()) {
      connect();
    } else {
      schedule_tick(first_backoff);
    }
    return;
  }
  schedule_tick(config.options.heartbeat);
  if (!joined) return;
  send_heartbeat();
  send_outcomes();
}

void WorkerState::send_heartbeat() {
  const Heartbeat beat{config.id, accepted_jobs(), held()};
  self->request(registry, registry_timeout, atom::heartbeat_v, beat)
      .then([this](const HeartbeatReply& reply) { drop_lost(reply.lost); },
            [this, which = connection](const caf::error& error) {
              spdlog::warn("heartbeat failed: {}", to_service_error(error).message);
              lost_registry(which);
            });
}

// -- work ----------------------------------------------------------------------------------------

void WorkerState::take(Task task) {
  const auto free = std::ranges::find_if(
      slots, [](const Slot& slot) { return !slot.task.has_value() && slot.runner; });
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
  self->send(free->runner, atom::run_v, task);
  free->task = std::move(task);
}

void WorkerState::runner_started(std::uint32_t index, TaskRunnerActor runner) {
  if (index >= slots.size()) return;
  auto& slot = slots[index];
  slot.runner = std::move(runner);
  if (!slot.task) return;
  // The runner before this one ended in the middle of a task.
  const auto task = std::move(*slot.task);
  slot.task.reset();
  if (slot.abandoned) return;
  finished({config.id,
            task.job,
            task.token,
            JobOutcome::failed,
            {jobs::ErrorKind::transient, "The worker failed while it worked on this image."},
            {}});
}

void WorkerState::forward(const RenditionReport& report) {
  const auto* slot = slot_of(report.token);
  if (!joined || slot == nullptr || slot->abandoned) return;
  self->request(registry, registry_timeout, atom::rendition_v, report)
      .then([](atom::done) {},
            [report](const caf::error& error) {
              // Nothing is lost: the report of the whole job carries it again.
              spdlog::debug("rendition not noted: {} job={}", to_service_error(error).message,
                            report.job.to_string());
            });
}

void WorkerState::finished(const JobReport& report) {
  auto* slot = slot_of(report.token);
  const bool abandoned = slot != nullptr && slot->abandoned;
  if (slot != nullptr) slot->task.reset();
  if (abandoned) {
    // The slot is good for work again, which the registry does not know yet.
    if (joined) send_heartbeat();
  } else {
    outcomes.push_back({report});
    if (joined) send_outcomes();
  }
  quit_when_idle();
}

void WorkerState::send_outcomes() {
  for (auto& outcome : outcomes) {
    if (outcome.under_way) continue;
    outcome.under_way = true;
    self->request(registry, registry_timeout, atom::finish_v, outcome.report)
        .then([this, token = outcome.report.token](atom::done) { forget_outcome(token); },
              [this, token = outcome.report.token,
               job = outcome.report.job](const caf::error& error) {
                const auto reason = to_service_error(error);
                if (reason.code == ServiceErrorCode::stale_lease) {
                  spdlog::warn("result dropped: {} job={}", reason.message, job.to_string());
                  forget_outcome(token);
                  return;
                }
                // The next tick, or the next join, sends it again.
                spdlog::warn("result not taken yet: {} job={}", reason.message, job.to_string());
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
  for (const auto& token : lost) {
    // A report under way answers for itself; what runs still has lost its purpose.
    if (auto* slot = slot_of(token); slot != nullptr && !slot->abandoned) {
      spdlog::warn("lease lost job={}", slot->task->job.to_string());
      slot->abandoned = true;
    }
  }
}

void WorkerState::watch_for_stuck_jobs() {
  const auto now = self->clock().now();
  for (const auto& slot : slots) {
    if (!slot.task || now - slot.started_at < config.options.job_timeout) continue;
    config.stuck("job " + slot.task->job.to_string() + " has run for more than " +
                 std::to_string(config.options.job_timeout.count()) + " ms");
  }
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

bool WorkerState::all_runners_up() const {
  return std::ranges::all_of(slots, [](const Slot& slot) { return bool{slot.runner}; });
}

std::uint32_t WorkerState::accepted_jobs() const {
  if (draining) return 0;
  return static_cast<std::uint32_t>(std::ranges::count_if(
      slots, [](const Slot& slot) { return slot.runner && !(slot.task && slot.abandoned); }));
}

WorkerState::Slot* WorkerState::slot_of(const jobs::LeaseToken& token) {
  const auto found = std::ranges::find_if(
      slots, [&](const Slot& slot) { return slot.task && slot.task->token == token; });
  return found == slots.end() ? nullptr : &*found;
}

// -- end -----------------------------------------------------------------------------------------

void WorkerState::drain() {
  if (draining) return;
  draining = true;
  spdlog::info("draining worker={} running={}", config.id.name,
               std::ranges::count_if(slots, [](const Slot& s) { return s.task.has_value(); }));
  if (joined) send_heartbeat();
  self->delayed_send(self, config.options.drain_timeout, atom::leave_v);
  quit_when_idle();
}

void WorkerState::quit_when_idle() {
  if (!draining) return;
  const bool busy =
      std::ranges::any_of(slots, [](const Slot& s) { return s.task && !s.abandoned; });
  if (!busy && outcomes.empty()) leave();
}

void WorkerState::leave() {
  if (leaving) return;
  leaving = true;
  if (!joined) {
    self->quit();
    return;
  }
  // Leaving hands back whatever the registry thinks we hold still.
  self->request(registry, registry_timeout, atom::leave_v, config.id)
      .then([this](atom::done) { self->quit(); },
            [this](const caf::error& error) {
              spdlog::warn("left without a word from the coordinator: {}",
                           to_service_error(error).message);
              self->quit();
            });
}

WorkerNodeActor::behavior_type worker(Self self, WorkerConfig config) {
  auto& state = self->state;
  state.config = std::move(config);
  state.slots.resize(state.config.options.slots);

  self->set_down_handler([self](const caf::down_msg& down) {
    if (!self->state.registry || self->state.registry.address() != down.source) return;
    spdlog::warn("lost the coordinator");
    if (self->state.leaving) {
      self->quit();
      return;
    }
    self->state.lost_registry(self->state.connection);
  });
  self->set_exit_handler([self](caf::exit_msg&) { self->state.drain(); });
  state.schedule_tick(std::chrono::milliseconds{0});

  return {
      [self](atom::run, Task& task) { self->state.take(std::move(task)); },
      [self](atom::rendition, const RenditionReport& report) { self->state.forward(report); },
      [self](atom::finish, const JobReport& report) { self->state.finished(report); },
      [self](atom::runner, std::uint32_t slot, TaskRunnerActor& runner) {
        self->state.runner_started(slot, std::move(runner));
      },
      [self](atom::tick, std::uint64_t generation) { self->state.tick(generation); },
      [self](atom::leave) { self->state.leave(); },
  };
}

}  // namespace darkroom::actors
