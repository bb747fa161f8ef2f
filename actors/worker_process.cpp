#include "actors/worker_process.hpp"

#include <csignal>
#include <utility>

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

namespace darkroom::actors {

WorkerProcessActor::behavior_type worker_process(
    WorkerProcessActor::stateful_pointer<WorkerProcessState> self, std::string worker,
    const std::string& program, std::vector<std::string> arguments) {
  self->state.worker = std::move(worker);
  // The watching thread ends before this actor's state does, so a weak hold is all it needs.
  const auto address = self->address();
  auto started =
      ChildProcess::start(program, std::move(arguments), [address](const ProcessExit& exit) {
        if (const auto actor = caf::actor_cast<WorkerProcessActor>(address)) {
          caf::anon_send(actor, atom::exited_v, exit.description, exit.clean);
        }
      });
  if (!started) {
    self->quit(caf::make_error(caf::sec::runtime_error, started.error()));
    return WorkerProcessActor::behavior_type::make_empty_behavior();
  }
  self->state.process = std::move(*started);
  spdlog::debug("worker process started worker={} pid={}", self->state.worker,
                self->state.process->pid());

  self->set_exit_handler([self](caf::exit_msg&) {
    self->state.stopping = true;
    self->state.process->signal(SIGTERM);
  });

  return {[self](atom::exited, const std::string& how, bool clean) {
    if (self->state.stopping && clean) {
      self->quit(caf::exit_reason::user_shutdown);
      return;
    }
    self->quit(caf::make_error(
        caf::sec::runtime_error,
        "process " + std::to_string(self->state.process->pid()) + " ended with " + how));
  }};
}

}  // namespace darkroom::actors
