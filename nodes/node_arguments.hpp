#pragma once

#include <string>
#include <vector>

#include "nodes/arguments.hpp"
#include "nodes/command_line.hpp"

namespace darkroom::nodes {

/// `darkroom worker`, or one process of a worker node, by what its arguments say. What is wrong
/// with them is added to `problems`.
[[nodiscard]] Command make_worker(const Arguments& arguments, Config config,
                                  std::vector<std::string>& problems);

/// `darkroom ingest`
[[nodiscard]] IngestCommand make_ingest(const Arguments& arguments, Config config,
                                        std::vector<std::string>& problems);

}  // namespace darkroom::nodes
