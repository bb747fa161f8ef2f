#pragma once

#include <ctime>

namespace darkroom::tools {

/// CPU time of all threads of this process so far, in milliseconds.
[[nodiscard]] inline double cpu_milliseconds() {
  std::timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

}  // namespace darkroom::tools
