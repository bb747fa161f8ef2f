#pragma once

#include "tunnel/options.hpp"

namespace darkroom::nodes {

/// What this program tells the other end of a tunnel.
[[nodiscard]] tunnel::Versions tunnel_versions();

}  // namespace darkroom::nodes
