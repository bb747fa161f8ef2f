#pragma once

#include <cstdint>
#include <vector>

#include <caf/actor_system.hpp>

#include "actors/messages.hpp"
#include "actors/supervisor.hpp"
#include "actors/task_runner.hpp"

namespace darkroom::nodes {

/// The actors of one slot of a worker: its task runner, and the resize, compress and thumbnail
/// actors that this runner uses, each on a thread of its own. Used by the supervisor alone, one
/// call at a time.
class WorkerSlot {
 public:
  /// `reports_to` is the worker.
  WorkerSlot(std::uint32_t index, actors::WorkerNodeActor worker, actors::TaskRunnerConfig config);

  /// The specs refer to this object, which must outlive the supervisor they are given to.
  [[nodiscard]] std::vector<actors::ChildSpec> children();

  /// Lets go of all handles, once the supervisor has ended.
  void forget();

 private:
  [[nodiscard]] caf::strong_actor_ptr started(actors::OperationActor& place,
                                              actors::OperationActor actor);
  [[nodiscard]] caf::strong_actor_ptr start_runner(caf::actor_system& system);
  void tell_runner() const;

  std::uint32_t index_;
  actors::WorkerNodeActor worker_;
  actors::TaskRunnerConfig config_;
  actors::OperationActor resize_;
  actors::OperationActor compress_;
  actors::OperationActor thumbnail_;
  actors::TaskRunnerActor runner_;
};

}  // namespace darkroom::nodes
