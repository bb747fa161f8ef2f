#pragma once

#include <iosfwd>

#include "nodes/command_line.hpp"

namespace darkroom::nodes {

// Commands that ask a running service by its control socket. The exit code: 0, 1 where it refuses
// or fails, 2 where none runs.

/// Runs `darkroom jobs`.
[[nodiscard]] int run_jobs(const JobsCommand& command, std::ostream& out, std::ostream& err);

/// Runs `darkroom janitor run`; 1 also where the janitor met errors.
[[nodiscard]] int run_janitor(const JanitorCommand& command, std::ostream& out, std::ostream& err);

}  // namespace darkroom::nodes
