#pragma once

#include <iosfwd>

#include "nodes/command_line.hpp"

namespace darkroom::nodes {

/// Runs `darkroom keys` by the control socket of a running service. A key that is made is all that
/// is printed to `out`, so that a script can take it; what else is to be said of it goes to `err`.
/// The exit code: 0, 1 where the service refuses or fails, 2 where none runs.
[[nodiscard]] int run_keys(const KeysCommand& command, std::ostream& out, std::ostream& err);

}  // namespace darkroom::nodes
