#pragma once

#include <string>
#include <vector>

#include "nodes/arguments.hpp"
#include "nodes/command_line.hpp"

namespace darkroom::nodes {

// What is wrong with a command line is added to `problems`, a line each.

/// `darkroom queues ACTION ...`
[[nodiscard]] QueuesCommand make_queues(const Arguments& arguments, Config config,
                                        std::vector<std::string>& problems);

/// `darkroom workers ACTION ...`
[[nodiscard]] WorkersCommand make_workers(const Arguments& arguments, Config config,
                                          std::vector<std::string>& problems);

}  // namespace darkroom::nodes
