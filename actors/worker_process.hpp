#pragma once

#include <memory>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/child_process.hpp"
#include "actors/messages.hpp"

namespace darkroom::actors {

/// State of a WORKER PROCESS: the process dies with it.
struct WorkerProcessState {
  static inline const char* name = "worker-process";

  WorkerProcessState() = default;

  std::string worker;  ///< For the log.
  std::unique_ptr<ChildProcess> process;
  bool stopping = false;
};

/// Runs `program` with `arguments` as a child process and quits, with an error, when that ends. An
/// exit message is passed on as SIGTERM, and the actor quits once the process has ended; when the
/// actor is killed, so is the process.
WorkerProcessActor::behavior_type worker_process(
    WorkerProcessActor::stateful_pointer<WorkerProcessState> self, std::string worker,
    const std::string& program, std::vector<std::string> arguments);

}  // namespace darkroom::actors
