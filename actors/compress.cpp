#include "actors/compress.hpp"

#include "actors/image_operation.hpp"
#include "imaging/operations.hpp"

namespace darkroom::actors {

OperationActor::behavior_type compress(OperationActor::stateful_pointer<CompressState> /*self*/,
                                       const imaging::Backend& backend) {
  return image_operation(backend, imaging::compress);
}

}  // namespace darkroom::actors
