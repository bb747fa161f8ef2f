#include "actors/worker.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"
#include "actors/unexpected.hpp"

namespace darkroom::actors {
namespace {

using Self = WorkerNodeActor::stateful_pointer<WorkerState>;

constexpr std::chrono::milliseconds first_backoff{100};
constexpr std::chrono::milliseconds longest_backoff{2'000};

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
  const auto leases = held();
  const WorkerHello hello{.worker = config.id,
                          .slots = config.options.slots,
                          .accepts = accepted_jobs(),
                          .held = leases,
                          .strays = strays(),
                          .node = config.node,
                          .queues = config.queues,
                          .reaches_files = config.reaches_files,
                          .version = config.version,
                          .fetches = config.options.fetches,
                          .fetching = fetches_among(leases)};
  self->request(registry, registry_timeout, atom::join_v, hello,
                WorkerActor{static_cast<WorkerNodeActor::pointer>(self)})
      .then(
          [this, which = connection](atom::done) {
            if (which != connection || !registry) return;
            joined = true;
            waiting_logged = false;
            refusal_logged.clear();
            backoff = std::chrono::milliseconds{0};
            spdlog::info("joined the coordinator worker={}", config.id.name);
            send_outcomes();
            send_fetched();
            send_heartbeat();
            schedule_tick(until_heartbeat());
          },
          [this, which = connection](const caf::error& error) {
            const auto why = to_service_error(error).message;
            if (std::exchange(refusal_logged, why) != why) {
              spdlog::warn("the coordinator did not let this worker join: {}", why);
            }
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
  for (auto& slot : slots)
    slot.fetched_under_way = false;
  backoff = std::clamp(backoff * 2, first_backoff, longest_backoff);
  schedule_tick(backoff);
}

void WorkerState::schedule_tick(std::chrono::milliseconds delay) {
  self->delayed_send(self, delay, atom::tick_v, ++tick_generation);
}

void WorkerState::tick(std::uint64_t generation) {
  if (generation != tick_generation) return;
  watch_for_stuck_jobs();
  watch_for_idleness();
  if (!registry) {
    // To join before the runners are up would be to ask for work that nobody can do.
    if (all_runners_up()) {
      connect();
    } else {
      schedule_tick(first_backoff);
    }
    return;
  }
  schedule_tick(until_heartbeat());
  if (!joined) return;
  send_heartbeat();
  send_outcomes();
  send_fetched();
}

void WorkerState::send_heartbeat() {
  const auto restarts = config.supervision ? config.supervision->restarts() : 0;
  const auto leases = leases_to_renew();
  const Heartbeat beat{.worker = config.id,
                       .accepts = accepted_jobs(),
                       .held = leases,
                       .restarts = restarts,
                       .strays = strays(),
                       .ailment = ailment.what(),
                       .fetches = accepted_fetches(),
                       .fetching = fetches_among(leases)};
  self->request(registry, registry_timeout, atom::heartbeat_v, beat)
      .then([this](const HeartbeatReply& reply) { drop_lost(reply.lost); },
            [this, which = connection](const caf::error& error) {
              spdlog::warn("heartbeat failed: {}", to_service_error(error).message);
              lost_registry(which);
            });
}

std::chrono::milliseconds WorkerState::until_heartbeat() const {
  const auto now = self->clock().now();
  const std::chrono::milliseconds usual = config.options.heartbeat;
  if (!ailment.pauses(now)) return usual;
  return std::min(usual, std::chrono::ceil<std::chrono::milliseconds>(ailment.until() - now));
}

// -- end -----------------------------------------------------------------------------------------

void WorkerState::drain() {
  if (draining) return;
  draining = true;
  spdlog::info("draining worker={} running={}", config.id.name,
               std::ranges::count_if(slots, [](const Slot& s) { return s.task.has_value(); }));
  for (std::size_t i = 0; i < slots.size(); ++i) {
    stop_waiting(slots[i]);
    // It may take longer than the drain, and can be done again elsewhere.
    const bool fetches = slots[i].task && slots[i].stage == Stage::fetching;
    if (fetches && config.cancel) config.cancel(i, slots[i].task->token);
  }
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
    end();
    return;
  }
  // Leaving hands back whatever the registry thinks we hold still.
  self->request(registry, registry_timeout, atom::leave_v, config.id)
      .then([this](atom::done) { end(); },
            [this](const caf::error& error) {
              spdlog::warn("left without a word from the coordinator: {}",
                           to_service_error(error).message);
              end();
            });
}

void WorkerState::end() {
  if (!hung_job.empty()) config.stuck(hung_job);
  self->quit();
}

WorkerNodeActor::behavior_type worker(Self self, WorkerConfig config) {
  auto& state = self->state;
  state.config = std::move(config);
  state.slots.resize(std::size_t{state.config.options.slots} + state.config.options.fetches);
  state.memory = jobs::MemoryBudget{state.config.options.memory};

  self->set_down_handler([self](const caf::down_msg& down) {
    if (!self->state.registry || self->state.registry.address() != down.source) {
      self->state.runner_down(down);
      self->state.fetcher_down(down);
      return;
    }
    spdlog::warn("lost the coordinator");
    if (self->state.leaving) {
      self->state.end();
      return;
    }
    self->state.lost_registry(self->state.connection);
  });
  self->set_exit_handler([self](caf::exit_msg&) { self->state.drain(); });
  self->set_default_handler(drop_unexpected);
  state.schedule_tick(std::chrono::milliseconds{0});

  return {
      [self](atom::run, Task& task) { self->state.take(std::move(task)); },
      [self](atom::cancel, const jobs::LeaseToken& token) { self->state.abandon(token); },
      [](atom::ping) { return atom::done_v; },
      [self](atom::rendition, const RenditionReport& report) { self->state.forward(report); },
      [self](atom::finish, JobReport& report) { self->state.finished(std::move(report)); },
      [self](atom::reserve, const jobs::LeaseToken& task, std::uint64_t bytes) {
        return self->state.reserve(task, bytes);
      },
      [self](atom::fetched, FetchedReport& report) { self->state.fetched(std::move(report)); },
      [self](atom::fetcher, std::uint32_t slot, SourceFetcherActor& fetcher) {
        self->state.fetcher_started(slot, std::move(fetcher));
      },
      [self](atom::runner, std::uint32_t slot, TaskRunnerActor& runner) {
        self->state.runner_started(slot, std::move(runner));
      },
      [self](atom::tick, std::uint64_t generation) { self->state.tick(generation); },
      [self](atom::leave) { self->state.leave(); },
  };
}

}  // namespace darkroom::actors
