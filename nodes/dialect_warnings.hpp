#pragma once

#include <string>
#include <vector>

#include "nodes/config.hpp"

namespace darkroom::nodes {

/// What the operator should hear of the dialects that are on (`http.dialects`): a sentence for each
/// whose answers will lack a file, because the preset of their uploads does not make it.
[[nodiscard]] std::vector<std::string> dialect_warnings(const Config& config);

}  // namespace darkroom::nodes
