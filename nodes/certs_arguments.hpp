#pragma once

#include <string>
#include <vector>

#include "nodes/arguments.hpp"
#include "nodes/command_line.hpp"

namespace darkroom::nodes {

/// `darkroom certs ACTION ...`; what is wrong with it is added to `problems`, a line each.
[[nodiscard]] CertsCommand make_certs(const Arguments& arguments,
                                      std::vector<std::string>& problems);

}  // namespace darkroom::nodes
