#include "nodes/config_check.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "nodes/quantity.hpp"

namespace darkroom::nodes {
namespace {

constexpr std::size_t max_renditions = 32;
constexpr std::size_t max_name_length = 64;  // Names become part of file names.

bool is_safe_name(std::string_view name) {
  const auto safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !name.empty() && name.size() <= max_name_length && std::ranges::all_of(name, safe);
}

std::string unsafe_name(std::string_view what, std::string_view name) {
  return fmt::format("{} \"{}\" must be 1 to {} lower-case letters, digits, '-' and '_'", what,
                     name, max_name_length);
}

/// A duration and the setting it belongs to.
struct Named {
  std::string name;
  std::chrono::milliseconds value;
};

/// Notes a conflict unless large is at least `times` small.
void require_at_least(std::vector<Conflict>& conflicts, const Named& large, int times,
                      const Named& small) {
  if (large.value >= times * small.value) return;
  const std::string multiple = times == 1 ? std::string{} : fmt::format("{} times ", times);
  conflicts.push_back(
      {{large.name, small.name},
       fmt::format("{} ({}) must be at least {}{} ({})", large.name, format_duration(large.value),
                   multiple, small.name, format_duration(small.value))});
}

void check_durations(const Config& config, std::vector<Conflict>& conflicts) {
  const auto& retry = config.registry.retry;
  require_at_least(conflicts, {"jobs.lease", config.registry.lease}, 3,
                   {"worker.heartbeat", config.worker.heartbeat});
  require_at_least(conflicts, {"retry.max", retry.max}, 1, {"retry.base", retry.base});
  require_at_least(conflicts, {"supervisor.max", config.supervisor.max}, 1,
                   {"supervisor.base", config.supervisor.base});
  // A worker that is still draining when the node's time is up would be killed.
  require_at_least(conflicts, {"node.shutdown_timeout", config.shutdown_timeout}, 1,
                   {"worker.drain_timeout", config.worker.drain_timeout});
  // An upload under way is a temporary file without a job: the janitor must not take it.
  require_at_least(conflicts, {"janitor.orphan_age", config.janitor.orphan_age}, 1,
                   {"http.request_timeout", config.http.request_timeout});
}

/// What is wrong with one rendition, as sentences that begin with its name.
std::vector<std::string> rendition_faults(const jobs::RenditionSpec& spec) {
  std::vector<std::string> faults;
  if (!is_safe_name(spec.name)) faults.push_back(unsafe_name("the rendition name", spec.name));
  const auto fault = [&](std::string_view text) {
    faults.push_back(fmt::format("rendition \"{}\": {}", spec.name, text));
  };
  if (!is_safe_name(spec.folder)) fault(unsafe_name("the folder", spec.folder));
  if (spec.folder == "originals") {
    fault("the folder \"originals\" is kept for uploads; choose another");
  }
  if (spec.quality < 1 || spec.quality > 100) {
    fault(fmt::format("quality must be from 1 to 100, not {}", spec.quality));
  }
  const bool needs_box = spec.operation != jobs::Operation::compress;
  if (needs_box && spec.width == 0 && spec.height == 0) {
    fault(fmt::format("{} needs a width, a height or both", jobs::to_string(spec.operation)));
  }
  return faults;
}

void check_preset(const jobs::Preset& preset, std::vector<Conflict>& conflicts) {
  const auto fault = [&](std::string_view text) {
    conflicts.push_back(
        {{"preset." + preset.name}, fmt::format("preset \"{}\": {}", preset.name, text)});
  };
  if (!is_safe_name(preset.name)) fault(unsafe_name("the name", preset.name));
  if (preset.renditions.empty() || preset.renditions.size() > max_renditions) {
    fault(fmt::format("must have 1 to {} renditions, not {}", max_renditions,
                      preset.renditions.size()));
  }
  std::set<std::string_view> names;
  for (const jobs::RenditionSpec& spec : preset.renditions) {
    for (const std::string& text : rendition_faults(spec))
      fault(text);
    if (!names.insert(spec.name).second) {
      fault(fmt::format("there are two renditions called \"{}\"", spec.name));
    }
  }
}

}  // namespace

std::vector<Conflict> find_conflicts(const Config& config) {
  std::vector<Conflict> conflicts;
  check_durations(config, conflicts);
  std::set<std::string_view> names;
  for (const jobs::Preset& preset : config.presets) {
    check_preset(preset, conflicts);
    if (!names.insert(preset.name).second) {
      conflicts.push_back({{"preset." + preset.name},
                           fmt::format("there are two presets called \"{}\"", preset.name)});
    }
  }
  if (!names.contains("default")) {
    conflicts.push_back({{"preset.default"}, "there must be a preset called \"default\""});
  }
  return conflicts;
}

}  // namespace darkroom::nodes
