#pragma once

#include "nodes/command_line.hpp"

namespace darkroom::nodes {

/// Runs one worker process of a node. Returns the exit code once it has drained. Call
/// block_signals() first.
[[nodiscard]] int run_worker_child(const WorkerChildCommand& command);

}  // namespace darkroom::nodes
