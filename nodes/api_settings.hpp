#pragma once

#include <vector>

#include "nodes/settings.hpp"

namespace darkroom::nodes {

/// What can be set of the HTTP API: the sections [http] and [limits].
[[nodiscard]] std::vector<Setting> api_settings();

}  // namespace darkroom::nodes
