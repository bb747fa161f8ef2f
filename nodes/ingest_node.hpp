#pragma once

#include "nodes/command_line.hpp"

namespace darkroom::nodes {

/// Runs `darkroom ingest`: the HTTP API of a coordinator elsewhere. It keeps nothing that anybody
/// would miss. Returns the exit code. Call block_signals() first.
[[nodiscard]] int run_ingest(const IngestCommand& command);

}  // namespace darkroom::nodes
