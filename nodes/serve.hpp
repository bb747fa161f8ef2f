#pragma once

#include "nodes/command_line.hpp"

namespace darkroom::nodes {

/// Runs `darkroom serve`: coordinator and HTTP server in this process, workers as its children.
/// Returns the exit code once everything is stopped. Call block_signals() first.
[[nodiscard]] int run_serve(const ServeCommand& command);

}  // namespace darkroom::nodes
