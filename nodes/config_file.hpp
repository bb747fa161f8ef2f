#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/effective_config.hpp"

namespace darkroom::nodes {

/// Sets what a configuration file says. `text` is its content, TOML; `name` stands in origins and
/// problems ("config.toml:12"). A [[preset]] adds to the built-in preset, or takes its place where
/// it is called "default" too. Everything that is wrong is noted, in the order of the lines; what
/// is right is set all the same.
void apply_config_file(std::span<const Setting> settings, const std::string& name,
                       std::string_view text, EffectiveConfig& effective,
                       std::vector<Problem>& problems);

}  // namespace darkroom::nodes
