#pragma once

#include <iosfwd>

#include "nodes/command_line.hpp"

namespace darkroom::nodes {

/// Runs `darkroom store`. The exit code: 0, 1 for what failed or damage that was found, 2 where
/// there is no store to work on.
[[nodiscard]] int run_store(const StoreCommand& command, std::ostream& out, std::ostream& err);

}  // namespace darkroom::nodes
