#include "nodes/load_config.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "nodes/config_check.hpp"
#include "nodes/config_file.hpp"
#include "nodes/printable_text.hpp"
#include "nodes/text_file.hpp"
#include "nodes/watermarks.hpp"

namespace darkroom::nodes {
namespace {

constexpr std::string_view default_file = "config.toml";

/// A file to read, and what named it.
struct ChosenFile {
  std::string name;
  std::string chosen_by;  ///< "--config" or "DARKROOM_CONFIG"; empty for the default.
};

std::optional<ChosenFile> choose_file(const ConfigSources& sources) {
  const auto variable = sources.environment.find(config_variable);
  std::optional<ChosenFile> chosen;
  if (sources.config_flag) {
    chosen = ChosenFile{*sources.config_flag, "--config"};
  } else if (variable != sources.environment.end()) {
    chosen = ChosenFile{variable->second, config_variable};
  } else {
    // A dangling link or a file that may not be looked at is read, and so reported.
    std::error_code ignored;
    const auto status = std::filesystem::symlink_status(sources.directory / default_file, ignored);
    if (status.type() == std::filesystem::file_type::not_found) return std::nullopt;
    return ChosenFile{std::string{default_file}, ""};
  }
  if (chosen->name == "none") return std::nullopt;
  return chosen;
}

void apply_chosen_file(std::span<const Setting> settings, const ConfigSources& sources,
                       EffectiveConfig& effective, std::vector<Problem>& problems) {
  const auto chosen = choose_file(sources);
  if (!chosen) return;
  if (chosen->name.empty()) {
    problems.push_back(
        {"", fmt::format("{}: must name a file, or be none to read no file", chosen->chosen_by)});
    return;
  }
  const auto text = read_text_file((sources.directory / chosen->name).lexically_normal());
  if (!text) {
    const std::string prefix = chosen->chosen_by.empty() ? "" : chosen->chosen_by + ": ";
    problems.push_back({"", prefix + text.error()});
    return;
  }
  apply_config_file(settings, chosen->name, *text, effective, problems);
}

void apply_flags(std::span<const Setting> settings, const ConfigSources& sources,
                 EffectiveConfig& effective, std::vector<Problem>& problems) {
  for (const Setting& setting : settings) {
    const auto found = sources.flags.find(flag_name(setting));
    if (found == sources.flags.end()) continue;
    set_from_text(setting, found->second, found->first, effective, problems);
  }
}

/// Adds the conflicts, except between settings of which one is faulty already: its value here is
/// not the one that was meant.
void apply_check(const EffectiveConfig& effective, std::vector<Problem>& problems) {
  const std::vector<Problem> faulty = problems;
  for (const Conflict& conflict : find_conflicts(effective.config)) {
    const auto is_faulty = [&](const std::string& name) {
      return std::ranges::find(faulty, name, &Problem::name) != faulty.end();
    };
    if (std::ranges::any_of(conflict.names, is_faulty)) continue;
    const auto set = std::ranges::find_if(
        conflict.names, [&](const std::string& name) { return effective.origins.contains(name); });
    const std::string origin =
        set == conflict.names.end() ? std::string{"default"} : effective.origin(*set);
    problems.push_back({conflict.names.front(), fmt::format("{}: {}", origin, conflict.message)});
  }
}

}  // namespace

tl::expected<EffectiveConfig, std::vector<std::string>> load_config(
    std::span<const Setting> settings, const ConfigSources& sources) {
  EffectiveConfig effective;
  std::vector<Problem> problems;
  apply_chosen_file(settings, sources, effective, problems);
  apply_environment(settings, sources.environment, effective, problems);
  apply_flags(settings, sources, effective, problems);
  prepare_watermarks(sources.directory, effective, problems);
  apply_check(effective, problems);
  if (problems.empty()) return effective;
  std::vector<std::string> lines;
  lines.reserve(problems.size());
  for (Problem& problem : problems)
    lines.push_back(printable(problem.line));
  return tl::make_unexpected(std::move(lines));
}

}  // namespace darkroom::nodes
