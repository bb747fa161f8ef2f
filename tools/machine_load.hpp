#pragma once

namespace darkroom::tools {

/// How busy the machine was with everything, this benchmark included: what its figures must be read
/// beside.
struct MachineLoad {
  double before = 0;  ///< The load average over one minute, when the benchmark began,
  double after = 0;   ///< and when it was done.
  unsigned cores = 0;
};

/// The load average over one minute now; 0 where the kernel does not say.
[[nodiscard]] double load_average();

/// How many cores this process may use.
[[nodiscard]] unsigned usable_cores();

}  // namespace darkroom::tools
