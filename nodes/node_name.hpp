#pragma once

#include <string>

namespace darkroom::nodes {

/// What a node is called that was given no name: this machine's name and the process id, cut to
/// what a node's name may be.
[[nodiscard]] std::string default_node_name();

}  // namespace darkroom::nodes
