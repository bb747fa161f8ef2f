#pragma once

#include <cstdint>

#include "nodes/config.hpp"

namespace darkroom::nodes {

/// Which nodes hold the queue and the files.
enum class ServiceKind : std::uint8_t {
  all_in_one,   ///< `darkroom serve`: with the HTTP API and worker processes of its own.
  coordinator,  ///< `darkroom coordinator`: other nodes have those.
};

/// Runs the service until it is told to stop; returns the exit code. Call block_signals() first.
[[nodiscard]] int run_service(const Config& config, ServiceKind kind);

}  // namespace darkroom::nodes
