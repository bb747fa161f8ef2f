#include "nodes/stop_request.hpp"

#include <utility>

namespace darkroom::nodes {

void StopRequest::ask(StopReason reason) {
  {
    const std::scoped_lock lock{mutex_};
    if (reason_) return;
    reason_ = std::move(reason);
  }
  asked_.notify_all();
}

StopReason StopRequest::wait() {
  std::unique_lock lock{mutex_};
  asked_.wait(lock, [this] { return reason_.has_value(); });
  return *reason_;
}

}  // namespace darkroom::nodes
