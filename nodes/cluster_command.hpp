#pragma once

#include <iosfwd>

#include "nodes/command_line.hpp"

namespace darkroom::nodes {

// Commands that ask a running service by its control socket. The exit code: 0, 1 where it refuses
// or fails, 2 where none runs.

/// Runs `darkroom queues`.
[[nodiscard]] int run_queues(const QueuesCommand& command, std::ostream& out, std::ostream& err);

/// Runs `darkroom workers`.
[[nodiscard]] int run_workers(const WorkersCommand& command, std::ostream& out, std::ostream& err);

}  // namespace darkroom::nodes
