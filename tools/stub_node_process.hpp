#pragma once

#include <cstdint>
#include <filesystem>

namespace darkroom::tools {

/// Some of the simulated nodes of `tools/bench coordinator`, as a process of their own.
struct StubNodeProcessOptions {
  std::uint16_t port = 0;   ///< Of the coordinator, on loopback.
  std::uint32_t first = 1;  ///< Number of the first node; numbers make the names.
  std::uint32_t count = 1;
  std::uint32_t slots = 1;    ///< Of each node.
  std::filesystem::path log;  ///< Where to write what was noted, at the end.
};

/// CAF tells the actor systems of one process apart by a number of eight bits.
inline constexpr std::uint32_t most_nodes_of_a_process = 250;

/// Works until SIGTERM, and then writes the log. Returns the exit code.
[[nodiscard]] int run_stub_nodes(const StubNodeProcessOptions& options);

}  // namespace darkroom::tools
