#pragma once

#include <string>
#include <vector>

#include "nodes/config.hpp"

namespace darkroom::nodes {

/// A combination of settings that cannot work, though each is in range.
struct Conflict {
  std::vector<std::string> names;  ///< The settings or presets that it is between.
  std::string message;             ///< A whole sentence with the values.
};

/// Everything that is wrong between settings and within presets.
[[nodiscard]] std::vector<Conflict> find_conflicts(const Config& config);

}  // namespace darkroom::nodes
