#include "actors/image_operation.hpp"

#include <chrono>
#include <exception>
#include <new>
#include <utility>

namespace darkroom::actors {

OperationActor::behavior_type image_operation(const imaging::Backend& backend,
                                              std::shared_ptr<CpuMeter> cpu,
                                              ImageOperation operation) {
  return {[&backend, cpu = std::move(cpu), operation = std::move(operation)](
              atom::render, const RenderRequest& request) {
    const CpuMeter::Running running{*cpu};
    using imaging::Error;
    using imaging::ErrorCode;
    if (request.stop.stop_requested()) {
      return RenderReply{tl::unexpected(
          Error{ErrorCode::encode_failed, "Nobody wants rendition " + request.spec.name + "."})};
    }
    try {
      const auto start = std::chrono::steady_clock::now();
      auto rendered = operation(backend, request.source, request.spec);
      return RenderReply{std::move(rendered), std::chrono::steady_clock::now() - start};
    } catch (const std::bad_alloc&) {
      return RenderReply{tl::unexpected(
          Error{ErrorCode::out_of_memory,
                "There is not enough memory to make rendition " + request.spec.name + "."})};
    } catch (const std::exception& exception) {
      return RenderReply{
          tl::unexpected(Error{ErrorCode::encode_failed, "Making rendition " + request.spec.name +
                                                             " failed: " + exception.what()})};
    }
  }};
}

}  // namespace darkroom::actors
