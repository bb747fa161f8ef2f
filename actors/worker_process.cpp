#include "actors/worker_process.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

namespace darkroom::actors {

namespace {

/// How often the registry is asked: a small part of the time in which a frozen process that nobody
/// stands in for is to be replaced.
constexpr std::chrono::milliseconds look_interval{250};

/// A process that has not joined after so many leases never will.
constexpr int leases_to_start = 10;

}  // namespace

void WorkerProcessState::schedule_tick() {
  self->delayed_send(self, std::min(options.lease / 4, look_interval), atom::tick_v,
                     ++tick_generation);
}

bool WorkerProcessState::start() {
  if (!options.wanted || process) return true;
  // The watching thread ends before this actor's state does, so a weak hold is all it needs.
  const auto address = self->address();
  auto started =
      ChildProcess::start(options.program, options.arguments(), [address](const ProcessExit& exit) {
        if (const auto actor = caf::actor_cast<WorkerProcessActor>(address)) {
          caf::anon_send(actor, atom::exited_v, exit.description, exit.clean);
        }
      });
  if (!started) {
    self->quit(caf::make_error(caf::sec::runtime_error, started.error()));
    return false;
  }
  process = std::move(*started);
  watch->begin_anew();
  spdlog::debug("worker process started worker={} pid={}", options.worker, process->pid());
  return true;
}

void WorkerProcessState::scale(bool wanted) {
  options.wanted = wanted;
  if (stopping) return;
  if (!wanted && process && !retires_until) {
    retires_until = self->clock().now() + options.retirement;
    process->signal(SIGTERM);
  }
  // One that is about to end is followed by another then.
  if (wanted && !retires_until) (void)start();
}

void WorkerProcessState::ended(const std::string& how, bool clean) {
  if (registry) {
    self->send(registry, atom::exited_v, options.worker,
               retires_until ? how + ", as it was told to" : how);
  }
  if (stopping && clean) {
    self->quit(caf::exit_reason::user_shutdown);
    return;
  }
  if (retires_until) {
    retires_until.reset();
    process.reset();
    (void)start();
    return;
  }
  self->quit(caf::make_error(caf::sec::runtime_error,
                             "process " + std::to_string(process->pid()) + " ended with " + how));
}

void WorkerProcessState::end_retirement() {
  if (!retires_until || !process || self->clock().now() < *retires_until) return;
  spdlog::warn("worker process is killed: it does not end worker={} pid={}", options.worker,
               process->pid());
  process->signal(SIGKILL);
}

void WorkerProcessState::look() {
  if (!registry || !process || retires_until || stopping || asking) return;
  asking = true;
  self->request(registry, options.lease, atom::joined_v, options.worker)
      .then(
          [this](const Attendance& attendance) {
            asking = false;
            seen(attendance);
          },
          [this](const caf::error&) {
            asking = false;
            // A registry that does not answer says nothing about the worker.
            watch->look_away();
          });
}

void WorkerProcessState::seen(const Attendance& attendance) {
  if (!process || retires_until) return;
  const bool needed = !attendance.others;
  if (!watch->note(attendance.here, self->clock().now(), needed) || stopping) return;
  spdlog::error("worker process is killed: it is silent{} worker={} pid={}",
                needed ? ", and there is no other" : "", options.worker, process->pid());
  watch->begin_anew();
  process->signal(SIGKILL);
}

WorkerProcessActor::behavior_type worker_process(
    WorkerProcessActor::stateful_pointer<WorkerProcessState> self, WorkerProcessOptions options) {
  auto& state = self->state;
  state.options = std::move(options);
  // The registry waits for the first of those leases itself.
  state.watch.emplace(jobs::SilenceWatch::Patience{
      .before = state.options.lease * leases_to_start,
      .after = state.options.lease * (state.options.silent_leases - 1)});
  if (!state.start()) return WorkerProcessActor::behavior_type::make_empty_behavior();
  state.schedule_tick();

  self->set_exit_handler([self](caf::exit_msg&) {
    self->state.stopping = true;
    if (self->state.process) {
      self->state.process->signal(SIGTERM);
    } else {
      self->quit(caf::exit_reason::user_shutdown);
    }
  });

  return {
      [self](atom::registry, AttendanceActor& registry) {
        self->state.registry = std::move(registry);
        self->state.watch->look_away();
      },
      [self](atom::tick, std::uint64_t generation) {
        if (generation != self->state.tick_generation) return;
        self->state.schedule_tick();
        self->state.end_retirement();
        self->state.look();
      },
      [self](atom::scale, bool wanted) { self->state.scale(wanted); },
      [self](atom::exited, const std::string& how, bool clean) { self->state.ended(how, clean); },
  };
}

}  // namespace darkroom::actors
