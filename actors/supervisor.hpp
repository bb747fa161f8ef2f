#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/messages.hpp"
#include "actors/supervision_record.hpp"
#include "jobs/restart_limiter.hpp"

namespace darkroom::actors {

/// A child as its supervisor needs to know it.
struct ChildSpec {
  std::string name;
  /// Spawns the child, tells whoever works with it of the new handle, and returns it. A supervisor
  /// is the one place where a handle has no type: it only watches, starts and stops.
  std::function<caf::strong_actor_ptr(caf::actor_system&)> start;
  /// Children of a higher stage stop before those of a lower one, which they lean on.
  std::size_t stage = 0;
  /// Whether the rest can go on without it. If not, its failing too often is passed upwards; if so,
  /// it is started again for ever, at the longest wait.
  bool vital = true;
  /// What it gets to stop by itself before it is killed.
  std::chrono::milliseconds stop_timeout{5'000};
};

struct SupervisorOptions {
  std::string name = "supervisor";  ///< For the log.
  jobs::RestartPolicy policy;
  /// What becomes of the children is noted here; may be null.
  std::shared_ptr<SupervisionRecord> record = {};
  /// Called once when a child failed too often; the supervisor then stops its other children and
  /// quits. The text names the child.
  std::function<void(const std::string&)> escalate;
};

/// State of a SUPERVISOR. A child that ends for any reason but our own asking has failed.
struct SupervisorState {
  static inline const char* name = "supervisor";

  struct Child {
    ChildSpec spec;
    jobs::RestartLimiter limiter;
    caf::strong_actor_ptr handle;  ///< Null while it does not run.
  };

  explicit SupervisorState(SupervisorActor::pointer actor) : self(actor) {}

  void start_child(std::size_t index);
  void child_down(const caf::down_msg& down);
  void restart_later(std::size_t index, const caf::error& reason);
  void begin_stop(caf::error reason);
  /// Stops the highest stage that still has children; quits when there is none.
  void stop_next_stage();
  void kill_stage(std::size_t stage);

  SupervisorActor::pointer self;
  SupervisorOptions options;
  std::vector<Child> children;
  std::optional<std::size_t> stopping_stage;
  bool stopping = false;
  caf::error exit_reason;
};

/// Starts the children in the order given. An exit message stops them, stage by stage, before the
/// supervisor quits itself.
SupervisorActor::behavior_type supervisor(SupervisorActor::stateful_pointer<SupervisorState> self,
                                          SupervisorOptions options,
                                          std::vector<ChildSpec> children);

}  // namespace darkroom::actors
