#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

namespace darkroom::nodes {

/// Why a node stops, and what its process is to exit with.
struct StopReason {
  int exit_code = 0;
  std::string text;
};

/// Where a node's main thread waits until something wants it to stop. The first request counts.
/// Thread-safe.
class StopRequest {
 public:
  void ask(StopReason reason);
  [[nodiscard]] StopReason wait();

 private:
  std::mutex mutex_;
  std::condition_variable asked_;
  std::optional<StopReason> reason_;
};

}  // namespace darkroom::nodes
