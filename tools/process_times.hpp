#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

/// What /proc tells of running processes; see proc(5).
namespace darkroom::tools {

/// One process at one moment.
struct ProcessTimes {
  pid_t pid = 0;
  std::string name;               ///< The command and its --name, such as "worker local-1".
  double cpu_milliseconds = 0;    ///< Of all its threads, since it began.
  std::uint64_t peak_memory = 0;  ///< The most bytes that were ever resident (VmHWM).
};

/// The process of that id; none where it has ended.
[[nodiscard]] std::optional<ProcessTimes> process_times(pid_t pid);

/// That process and all below it, itself first.
[[nodiscard]] std::vector<ProcessTimes> process_tree_times(pid_t root);

/// What all of them have in memory now, in bytes, memory that several share counted once (PSS); 0
/// where the kernel does not say, as of processes of another user.
[[nodiscard]] std::uint64_t proportional_memory(const std::vector<ProcessTimes>& processes);

/// The CPU time of each thread of this process in milliseconds, by its name.
[[nodiscard]] std::map<std::string, double> own_thread_times();

}  // namespace darkroom::tools
