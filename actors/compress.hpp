#pragma once

#include <memory>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/cpu_meter.hpp"
#include "actors/messages.hpp"
#include "imaging/backend.hpp"

namespace darkroom::actors {

struct CompressState {
  static inline const char* name = "compress";
};

/// COMPRESS encodes the picture anew, in full size unless told otherwise.
/// Spawn it detached: it is CPU-bound.
OperationActor::behavior_type compress(OperationActor::stateful_pointer<CompressState> self,
                                       const imaging::Backend& backend,
                                       const std::shared_ptr<CpuMeter>& cpu);

}  // namespace darkroom::actors
