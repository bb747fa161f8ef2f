#include "nodes/environment.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "nodes/nearest_name.hpp"
#include "nodes/text_file.hpp"

namespace darkroom::nodes {
namespace {

constexpr std::string_view prefix = "DARKROOM_";

/// "Environment variables" under https://kubernetes.io/docs/concepts/services-networking/service/:
/// DARKROOM_SERVICE_HOST, DARKROOM_SERVICE_PORT, DARKROOM_PORT=tcp://10.0.0.1:80,
/// DARKROOM_PORT_80_TCP and so on. No setting of ours begins like that.
bool is_kubernetes_service_link(std::string_view name, std::string_view value) {
  return name.starts_with("DARKROOM_SERVICE_") || name.starts_with("DARKROOM_PORT_") ||
         (name == "DARKROOM_PORT" && value.find("://") != std::string_view::npos);
}

std::string file_variable(const Setting& setting) {
  return environment_name(setting) + "_FILE";
}

std::vector<std::string> known_variables(std::span<const Setting> settings) {
  std::vector<std::string> names{config_variable};
  for (const Setting& setting : settings) {
    names.push_back(environment_name(setting));
    if (setting.secret) names.push_back(file_variable(setting));
  }
  return names;
}

void apply_secret_file(const Setting& setting, const Environment& environment,
                       EffectiveConfig& effective, std::vector<Problem>& problems) {
  const std::string variable = file_variable(setting);
  const auto named = environment.find(variable);
  if (!setting.secret || named == environment.end()) return;
  if (environment.contains(environment_name(setting))) {
    problems.push_back({setting.name(), fmt::format("{}: set either this or {}, not both", variable,
                                                    environment_name(setting))});
    return;
  }
  auto secret = read_text_file(named->second);
  if (!secret) {
    problems.push_back({setting.name(), fmt::format("{}: {}", variable, secret.error())});
    return;
  }
  // Editors and `echo` end a file with a line break that is not part of the secret.
  while (secret->ends_with('\n') || secret->ends_with('\r'))
    secret->pop_back();
  set_from_text(setting, *secret, variable, effective, problems);
}

}  // namespace

Environment process_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view pair = *entry;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return environment;
}

void forget_secrets(std::span<const Setting> settings) {
  for (const Setting& setting : settings) {
    if (setting.secret || setting.discreet) ::unsetenv(environment_name(setting).c_str());
    if (setting.secret) ::unsetenv(file_variable(setting).c_str());
  }
}

void apply_environment(std::span<const Setting> settings, const Environment& environment,
                       EffectiveConfig& effective, std::vector<Problem>& problems) {
  const std::vector<std::string> known = known_variables(settings);
  for (const auto& [name, value] : environment) {
    if (!name.starts_with(prefix) || std::ranges::find(known, name) != known.end()) continue;
    if (is_kubernetes_service_link(name, value)) continue;
    problems.push_back(
        {"", fmt::format("{}: there is no such setting{}", name, suggestion(name, known))});
  }
  for (const Setting& setting : settings) {
    const std::string variable = environment_name(setting);
    const auto found = environment.find(variable);
    if (found != environment.end()) {
      set_from_text(setting, found->second, variable, effective, problems);
    }
    apply_secret_file(setting, environment, effective, problems);
  }
}

}  // namespace darkroom::nodes
