#pragma once

#include <string>

#include "tunnel/options.hpp"

namespace darkroom::nodes {

/// What a node is called: as it was told (`given`), else as its certificate says, else by its
/// machine. That the first two agree is for the connector to see.
[[nodiscard]] std::string node_name(const std::string& given, const tunnel::TlsFiles& files);

/// What a node is called that was given no name and has none by its certificate: this machine's
/// name and the process id, cut to what a node's name may be.
[[nodiscard]] std::string default_node_name();

}  // namespace darkroom::nodes
