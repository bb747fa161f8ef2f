#include "nodes/shutdown_watchdog.hpp"

#include <cstdlib>

#include <spdlog/spdlog.h>

namespace darkroom::nodes {

ShutdownWatchdog::ShutdownWatchdog(std::chrono::milliseconds timeout, int exit_code)
    : thread_([this, timeout, exit_code] {
        if (done_.try_acquire_for(timeout)) return;
        spdlog::warn("not stopped after {} ms, ending at once", timeout.count());
        spdlog::default_logger()->flush();
        std::_Exit(exit_code);
      }) {}

ShutdownWatchdog::~ShutdownWatchdog() {
  done_.release();
  thread_.join();
}

}  // namespace darkroom::nodes
