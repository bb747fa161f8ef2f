#pragma once

#include <atomic>
#include <thread>

#include "nodes/stop_request.hpp"

namespace darkroom::nodes {

/// Blocks SIGINT, SIGTERM, and SIGHUP unless it is ignored, for this thread and those it starts, so
/// that SignalThread alone takes them; ignores SIGPIPE, and has SIGCHLD at its default. Call first
/// thing in main. Throws std::system_error where the system refuses.
void block_signals();

/// Waits for SIGINT, SIGTERM and SIGHUP (the terminal was closed): the first asks the node to stop,
/// in order; the second ends the process at once, unless it is SIGHUP.
class SignalThread {
 public:
  explicit SignalThread(StopRequest& stop);
  SignalThread(const SignalThread&) = delete;
  SignalThread& operator=(const SignalThread&) = delete;
  ~SignalThread();

 private:
  std::atomic<bool> done_{false};
  std::thread thread_;
};

}  // namespace darkroom::nodes
