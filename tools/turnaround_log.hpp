#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace darkroom::tools {

/// What a simulated node noted of one lease: when its task came, and how long before that the node
/// had reported the task that it takes the place of.
struct Turnaround {
  std::int64_t came_at_ns = 0;  ///< By the steady clock, which all processes of a machine share.
  float milliseconds = 0;
};

/// What the simulated nodes of one process noted.
struct TurnaroundLog {
  std::vector<Turnaround> turnarounds;
  std::vector<float> heartbeats;  ///< Round trips, in milliseconds.
  std::uint64_t lost_leases = 0;  ///< That a heartbeat was told are not the node's any more.
  std::string failure;            ///< The first error that a node was answered; empty: none.
};

[[nodiscard]] inline std::int64_t steady_nanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// From one process to another of the same build. The error names the file.
[[nodiscard]] tl::expected<void, std::string> write_log(const std::filesystem::path& path,
                                                        const TurnaroundLog& log);
[[nodiscard]] tl::expected<TurnaroundLog, std::string> read_log(const std::filesystem::path& path);

}  // namespace darkroom::tools
