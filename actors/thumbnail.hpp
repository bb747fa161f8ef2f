#pragma once

#include <memory>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/cpu_meter.hpp"
#include "actors/messages.hpp"
#include "imaging/backend.hpp"

namespace darkroom::actors {

struct ThumbnailState {
  static inline const char* name = "thumbnail";
};

/// THUMBNAIL makes a small picture for lists.
/// Spawn it detached: it is CPU-bound.
OperationActor::behavior_type thumbnail(OperationActor::stateful_pointer<ThumbnailState> self,
                                        const imaging::Backend& backend,
                                        const std::shared_ptr<CpuMeter>& cpu);

}  // namespace darkroom::actors
