#pragma once

#include "nodes/command_line.hpp"

namespace darkroom::nodes {

/// Runs `darkroom worker`: one worker process. Returns the exit code once it has drained. Call
/// block_signals() first.
[[nodiscard]] int run_worker(const WorkerCommand& command);

}  // namespace darkroom::nodes
