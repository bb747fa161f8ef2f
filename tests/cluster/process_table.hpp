#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <sys/types.h>

/// What /proc tells about processes; see proc(5).
namespace darkroom::cluster {

/// One process for ever: a pid alone may be given to another one later.
struct ProcessIdentity {
  pid_t pid = 0;
  std::uint64_t start_time = 0;  ///< In clock ticks since boot.

  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};

/// The processes whose parent is `parent`, without those that have ended and wait to be reaped.
[[nodiscard]] std::vector<ProcessIdentity> children_of(pid_t parent);

[[nodiscard]] bool is_alive(const ProcessIdentity& process);

/// Stopped by a signal, SIGSTOP for one.
[[nodiscard]] bool is_stopped(const ProcessIdentity& process);

/// The most memory that was ever resident, in KiB (VmHWM); none if the process has ended.
[[nodiscard]] std::optional<std::uint64_t> peak_memory_kib(pid_t pid);

}  // namespace darkroom::cluster
