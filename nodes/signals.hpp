#pragma once

#include <atomic>
#include <thread>

#include "nodes/stop_request.hpp"

namespace darkroom::nodes {

/// Blocks SIGINT and SIGTERM for this thread and those it starts, so that SignalThread alone takes
/// them, and ignores SIGPIPE. Call first thing in main.
void block_signals();

/// Waits for SIGINT and SIGTERM: the first asks the node to stop, in order; the second ends the
/// process at once.
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

/// Has the kernel kill this process when its parent dies, and ends it at once where `parent` is
/// dead already.
void die_with_parent(int parent);

}  // namespace darkroom::nodes
