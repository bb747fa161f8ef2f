#include "nodes/effective_config.hpp"

#include <fmt/format.h>

namespace darkroom::nodes {

std::string EffectiveConfig::origin(std::string_view name) const {
  const auto found = origins.find(name);
  return found == origins.end() ? "default" : found->second;
}

std::string rendition_origin(std::string_view preset, std::size_t index) {
  return fmt::format("preset.{}.{}", preset, index + 1);
}

void set_from_text(const Setting& setting, std::string_view text, const std::string& origin,
                   EffectiveConfig& effective, std::vector<Problem>& problems) {
  const auto value = value_from_text(setting.type, text);
  if (!value) {
    // The message quotes what was written, which a secret must not be.
    const std::string reason = setting.secret ? expectation(setting.type) : value.error();
    problems.push_back({setting.name(), fmt::format("{}: {}", origin, reason)});
    return;
  }
  setting.set(effective.config, *value);
  effective.origins[setting.name()] = origin;
}

}  // namespace darkroom::nodes
