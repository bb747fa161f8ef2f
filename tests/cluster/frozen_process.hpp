#pragma once

#include "tests/cluster/process_table.hpp"

namespace darkroom::cluster {

/// A process that stands still, as on a machine that hangs. Where it is not woken, it is killed in
/// the end, so that no test leaves a stopped process behind.
class FrozenProcess {
 public:
  /// Returns once the process has stopped; throws std::runtime_error if it does not.
  explicit FrozenProcess(const ProcessIdentity& process);
  FrozenProcess(const FrozenProcess&) = delete;
  FrozenProcess& operator=(const FrozenProcess&) = delete;
  ~FrozenProcess();

  /// It goes on where it was.
  void wake();

 private:
  void send(int signal) const;

  ProcessIdentity process_;
  bool awake_ = false;
};

}  // namespace darkroom::cluster
