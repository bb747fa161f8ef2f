#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "nodes/effective_config.hpp"

namespace darkroom::nodes {

/// Environment variables by name.
using Environment = std::map<std::string, std::string>;

/// Names the configuration file; see load_config.hpp.
inline constexpr const char* config_variable = "DARKROOM_CONFIG";

/// Those of this process. Call before threads start: the environment is not guarded against them.
[[nodiscard]] Environment process_environment();

/// Takes the variables of secrets out of what processes that are started from here inherit: a
/// worker decodes hostile bytes, and needs none of them. Call before threads start.
void forget_secrets(std::span<const Setting> settings);

/// Sets what variables called DARKROOM_<SECTION>_<KEY> say. Any other DARKROOM_ variable is a
/// problem, so that a misspelt one does not pass for set; except DARKROOM_CONFIG and those that
/// Kubernetes makes for a service called "darkroom".
void apply_environment(std::span<const Setting> settings, const Environment& environment,
                       EffectiveConfig& effective, std::vector<Problem>& problems);

}  // namespace darkroom::nodes
