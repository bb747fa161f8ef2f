#pragma once

#include <memory>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/cpu_meter.hpp"
#include "actors/messages.hpp"
#include "imaging/backend.hpp"

namespace darkroom::actors {

struct ResizeState {
  static inline const char* name = "resize";
};

/// RESIZE makes the picture fit inside a box.
/// Spawn it detached: it is CPU-bound.
OperationActor::behavior_type resize(OperationActor::stateful_pointer<ResizeState> self,
                                     const imaging::Backend& backend,
                                     const std::shared_ptr<CpuMeter>& cpu);

}  // namespace darkroom::actors
