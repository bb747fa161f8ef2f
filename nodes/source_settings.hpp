#pragma once

#include <vector>

#include "nodes/settings.hpp"

namespace darkroom::nodes {

/// The section [source], on originals that are fetched from a URL.
[[nodiscard]] std::vector<Setting> source_settings();

}  // namespace darkroom::nodes
