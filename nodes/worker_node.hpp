#pragma once

#include "nodes/command_line.hpp"

namespace darkroom::nodes {

/// Runs `darkroom worker`: a node whose worker processes do the jobs of a coordinator elsewhere.
/// Returns the exit code once they have drained. Call block_signals() first.
[[nodiscard]] int run_worker(const WorkerCommand& command);

}  // namespace darkroom::nodes
