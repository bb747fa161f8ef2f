#pragma once

#include <chrono>
#include <semaphore>
#include <thread>

namespace darkroom::nodes {

/// Ends the process if stopping in order takes longer than `timeout`, until it is destroyed itself.
/// Nothing that was acknowledged is at stake, and the kernel takes the children down with us.
class ShutdownWatchdog {
 public:
  ShutdownWatchdog(std::chrono::milliseconds timeout, int exit_code);
  ShutdownWatchdog(const ShutdownWatchdog&) = delete;
  ShutdownWatchdog& operator=(const ShutdownWatchdog&) = delete;
  ~ShutdownWatchdog();

 private:
  std::binary_semaphore done_{0};
  std::thread thread_;
};

}  // namespace darkroom::nodes
