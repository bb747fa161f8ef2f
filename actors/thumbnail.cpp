#include "actors/thumbnail.hpp"

#include "actors/image_operation.hpp"
#include "imaging/operations.hpp"

namespace darkroom::actors {

OperationActor::behavior_type thumbnail(OperationActor::stateful_pointer<ThumbnailState> /*self*/,
                                        const imaging::Backend& backend,
                                        const std::shared_ptr<CpuMeter>& cpu) {
  return image_operation(backend, cpu, imaging::thumbnail);
}

}  // namespace darkroom::actors
