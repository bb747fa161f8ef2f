#pragma once

#include <string>
#include <vector>

#include "nodes/arguments.hpp"
#include "nodes/command_line.hpp"

namespace darkroom::nodes {

/// `darkroom keys ACTION ...`. What is wrong with it is added to `problems`, a line each.
[[nodiscard]] KeysCommand make_keys(const Arguments& arguments, Config config,
                                    std::vector<std::string>& problems);

}  // namespace darkroom::nodes
