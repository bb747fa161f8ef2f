#pragma once

#include <iomanip>
#include <ostream>

#include "tools/latencies.hpp"
#include "tools/machine_load.hpp"

namespace darkroom::tools {

/// A line of a table.
inline void write_times(std::ostream& out, const char* name, const Latencies::Summary& times) {
  out << "  " << std::left << std::setw(26) << name << std::right << std::fixed
      << std::setprecision(2) << "p50 " << std::setw(7) << times.p50_ms << "   p99 " << std::setw(7)
      << times.p99_ms << "   max " << std::setw(7) << times.max_ms << " ms\n";
}

/// The last line.
inline void write_load(std::ostream& out, const MachineLoad& load) {
  out << std::fixed << std::setprecision(1) << "load average " << load.before << " before, "
      << load.after << " after, " << load.cores << " cores\n";
}

}  // namespace darkroom::tools
