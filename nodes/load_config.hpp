#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "nodes/effective_config.hpp"
#include "nodes/environment.hpp"

namespace darkroom::nodes {

/// Where settings come from besides the built-in defaults.
struct ConfigSources {
  /// Of --config: a file, or "none" to read no file. Without it DARKROOM_CONFIG is asked in the
  /// same way; without that, config.toml in `directory` is read if it is there.
  std::optional<std::string> config_flag;
  std::map<std::string, std::string> flags;  ///< "--http-port" -> "8000"
  Environment environment;
  std::filesystem::path directory;  ///< Relative names of files start here.
};

/// The settings in force: built-in defaults < file < environment < flags. The error holds
/// everything that is wrong, a line each.
[[nodiscard]] tl::expected<EffectiveConfig, std::vector<std::string>> load_config(
    std::span<const Setting> settings, const ConfigSources& sources);

}  // namespace darkroom::nodes
