#pragma once

#include <string>
#include <vector>

#include "nodes/arguments.hpp"
#include "nodes/command_line.hpp"

namespace darkroom::nodes {

// What is wrong with a command line is added to `problems`, a line each.

/// `darkroom jobs ACTION ...`
[[nodiscard]] JobsCommand make_jobs(const Arguments& arguments, Config config,
                                    std::vector<std::string>& problems);

/// `darkroom janitor run`
[[nodiscard]] JanitorCommand make_janitor(const Arguments& arguments, Config config,
                                          std::vector<std::string>& problems);

}  // namespace darkroom::nodes
