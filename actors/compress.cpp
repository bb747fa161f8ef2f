#include "actors/compress.hpp"

#include "actors/image_operation.hpp"
#include "imaging/operations.hpp"

namespace darkroom::actors {

OperationActor::behavior_type compress(OperationActor::stateful_pointer<CompressState> /*self*/,
                                       const imaging::Backend& backend,
                                       const std::shared_ptr<CpuMeter>& cpu) {
  return image_operation(backend, cpu, imaging::compress);
}

}  // namespace darkroom::actors
