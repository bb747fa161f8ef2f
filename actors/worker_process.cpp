#include "actors/worker_process.hpp"

#include <csignal>
#include <utility>

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

namespace darkroom::actors {

void WorkerProcessState::schedule_tick() {
  self->delayed_send(self, options.lease / 4, atom::tick_v, ++tick_generation);
}

void WorkerProcessState::look() {
  if (!registry || stopping) return;
  self->request(registry, options.lease, atom::joined_v, options.worker)
      .then([this](bool here) { seen(here); },
            // A registry that does not answer says nothing about the worker.
            [this](const caf::error&) { watch->forget(); });
}

void WorkerProcessState::seen(bool here) {
  if (!watch->note(here, self->clock().now()) || stopping) return;
  spdlog::error(
      "worker process is killed: it has been silent for {} leases of {} ms worker={} pid={}",
      options.silent_leases, options.lease.count(), options.worker, process->pid());
  watch->forget();
  process->signal(SIGKILL);
}

WorkerProcessActor::behavior_type worker_process(
    WorkerProcessActor::stateful_pointer<WorkerProcessState> self, WorkerProcessOptions options) {
  auto& state = self->state;
  state.options = std::move(options);
  // The registry waits for the first of those leases itself.
  state.watch.emplace(state.options.lease * (state.options.silent_leases - 1));
  // The watching thread ends before this actor's state does, so a weak hold is all it needs.
  const auto address = self->address();
  auto started = ChildProcess::start(
      state.options.program, state.options.arguments, [address](const ProcessExit& exit) {
        if (const auto actor = caf::actor_cast<WorkerProcessActor>(address)) {
          caf::anon_send(actor, atom::exited_v, exit.description, exit.clean);
        }
      });
  if (!started) {
    self->quit(caf::make_error(caf::sec::runtime_error, started.error()));
    return WorkerProcessActor::behavior_type::make_empty_behavior();
  }
  state.process = std::move(*started);
  spdlog::debug("worker process started worker={} pid={}", state.options.worker,
                state.process->pid());
  state.schedule_tick();

  self->set_exit_handler([self](caf::exit_msg&) {
    self->state.stopping = true;
    self->state.process->signal(SIGTERM);
  });

  return {
      [self](atom::registry, AttendanceActor& registry) {
        self->state.registry = std::move(registry);
        self->state.watch->forget();
      },
      [self](atom::tick, std::uint64_t generation) {
        if (generation != self->state.tick_generation) return;
        self->state.schedule_tick();
        self->state.look();
      },
      [self](atom::exited, const std::string& how, bool clean) {
        if (self->state.registry) {
          self->send(self->state.registry, atom::exited_v, self->state.options.worker, how);
        }
        if (self->state.stopping && clean) {
          self->quit(caf::exit_reason::user_shutdown);
          return;
        }
        self->quit(caf::make_error(
            caf::sec::runtime_error,
            "process " + std::to_string(self->state.process->pid()) + " ended with " + how));
      },
  };
}

}  // namespace darkroom::actors
