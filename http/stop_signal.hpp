#pragma once

#include <atomic>

#include "persistence/file_descriptor.hpp"

namespace darkroom::http {

/// Tells any number of threads to stop, also those that wait in poll(): its descriptor becomes
/// readable and stays so. Thread-safe.
class StopSignal {
 public:
  /// Throws std::system_error where the system has no descriptor to give.
  StopSignal();

  void raise();
  [[nodiscard]] bool raised() const { return raised_; }

  /// To poll for POLLIN.
  [[nodiscard]] int descriptor() const { return event_.number(); }

 private:
  persistence::FileDescriptor event_;
  std::atomic<bool> raised_ = false;
};

}  // namespace darkroom::http
