#pragma once

#include <iosfwd>

#include "nodes/command_line.hpp"

namespace darkroom::nodes {

/// Runs `darkroom process`: writes <stem>-<rendition>.<extension> into the output folder for each
/// image and rendition, byte for byte what the service makes of it. Prints a line per file to `out`
/// and a line per failure to `err`. An image that fails does not keep the others from being done.
///
/// Returns the exit code: 0, 1 where an image failed, 2 where two images would be written to the
/// same file, or the output folder or a watermark cannot be had; then nothing was written.
[[nodiscard]] int run_process(const ProcessCommand& command, std::ostream& out, std::ostream& err);

}  // namespace darkroom::nodes
