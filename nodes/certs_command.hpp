#pragma once

#include <iosfwd>

#include "nodes/command_line.hpp"

namespace darkroom::nodes {

/// Runs `darkroom certs`; the exit code: 0, or 1 where it fails.
[[nodiscard]] int run_certs(const CertsCommand& command, std::ostream& out, std::ostream& err);

}  // namespace darkroom::nodes
