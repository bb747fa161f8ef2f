#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/config.hpp"
#include "nodes/settings.hpp"

namespace darkroom::nodes {

/// The settings in force, and where each came from.
struct EffectiveConfig {
  Config config;
  /// By setting ("http.port") or preset ("preset.default"): "config.toml:12",
  /// "DARKROOM_HTTP_PORT" or "--http-port". What is not in it is a built-in default.
  std::map<std::string, std::string, std::less<>> origins;

  /// "default" for a built-in default.
  [[nodiscard]] std::string origin(std::string_view name) const;
};

/// The name by which the origin of a preset's rendition is kept; `index` is from 0.
[[nodiscard]] std::string rendition_origin(std::string_view preset, std::size_t index);

/// Something that keeps the program from starting.
struct Problem {
  std::string name;  ///< The setting it is about, "http.port"; empty where it is about none.
  std::string line;  ///< For the operator: where, what is wrong, what to do.
};

/// Sets what `text` says, from the environment or a flag called `origin`, or notes a problem.
void set_from_text(const Setting& setting, std::string_view text, const std::string& origin,
                   EffectiveConfig& effective, std::vector<Problem>& problems);

}  // namespace darkroom::nodes
