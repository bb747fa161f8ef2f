#include "actors/resize.hpp"

#include "actors/image_operation.hpp"
#include "imaging/operations.hpp"

namespace darkroom::actors {

OperationActor::behavior_type resize(OperationActor::stateful_pointer<ResizeState> /*self*/,
                                     const imaging::Backend& backend,
                                     const std::shared_ptr<CpuMeter>& cpu) {
  return image_operation(backend, cpu, imaging::resize);
}

}  // namespace darkroom::actors
