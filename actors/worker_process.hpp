#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/child_process.hpp"
#include "actors/messages.hpp"
#include "jobs/silence_watch.hpp"

namespace darkroom::actors {

struct WorkerProcessOptions {
  std::string worker;  ///< The name by which it joins.
  std::string program;
  /// Made anew for each process.
  std::function<std::vector<std::string>()> arguments;
  bool wanted = true;                 ///< Whether it is to run from the beginning; see atom::scale.
  std::chrono::milliseconds lease{};  ///< After one of silence the registry has struck it off.
  std::uint32_t silent_leases = 0;    ///< After so many it is killed.
  /// What it gets to finish its work once it is not wanted any more; then it is killed.
  std::chrono::milliseconds retirement{std::chrono::seconds{10}};
};

/// State of a WORKER PROCESS: the process dies with it.
struct WorkerProcessState {
  static inline const char* name = "worker-process";

  explicit WorkerProcessState(WorkerProcessActor::pointer actor) : self(actor) {}

  void schedule_tick();
  /// Starts the process if it is wanted and not there. False where it cannot be started; then this
  /// actor quits.
  bool start();
  void scale(bool wanted);
  void ended(const std::string& how, bool clean);
  /// Kills a process that takes too long to end.
  void end_retirement();
  /// Asks the registry whether the worker is there.
  void look();
  void seen(const Attendance& attendance);

  WorkerProcessActor::pointer self;
  WorkerProcessOptions options;
  std::optional<jobs::SilenceWatch> watch;
  AttendanceActor registry;  ///< Invalid while the registry is not up.
  std::uint64_t tick_generation = 0;
  std::unique_ptr<ChildProcess> process;
  bool asking = false;  ///< A look is under way.
  /// It was told to end, since it is not wanted; when it will be killed.
  std::optional<jobs::SteadyTime> retires_until;
  bool stopping = false;
};

/// Runs the program as a child process, while it is wanted, and quits, with an error, when that
/// ends by itself. An exit message is passed on as SIGTERM, and the actor quits once the process
/// has ended; when the actor is killed, so is the process. A process that stands still is killed:
/// its supervisor starts another.
WorkerProcessActor::behavior_type worker_process(
    WorkerProcessActor::stateful_pointer<WorkerProcessState> self, WorkerProcessOptions options);

}  // namespace darkroom::actors
