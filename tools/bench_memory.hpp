#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace darkroom::tools {

struct MemoryOptions {
  std::size_t jobs = 10'000;
  std::uint32_t slots = 2;      ///< Jobs at once, if the budget allows.
  std::uint64_t budget = 1024;  ///< MiB that they share.
};

struct MemoryReport {
  struct Sample {
    std::size_t jobs = 0;
    std::uint64_t resident = 0;  ///< Bytes, after so many jobs.
  };

  std::uint64_t resident_before = 0;
  std::vector<Sample> samples;
  std::uint64_t peak = 0;  ///< Resident bytes, over all jobs.
  std::uint64_t budget = 0;
  std::uint64_t largest_estimate = 0;  ///< Of one job.
  double cpu_seconds = 0;
  double seconds = 0;
};

/// Runs jobs of mixed sizes and formats as a worker does: the memory of each is reserved first, its
/// picture is decoded on one thread of its slot, and its renditions are made on three others.
[[nodiscard]] tl::expected<MemoryReport, std::string> bench_memory(const MemoryOptions& options);

void write_memory_table(std::ostream& out, const MemoryReport& report);
void write_memory_json(std::ostream& out, const MemoryReport& report);

}  // namespace darkroom::tools
