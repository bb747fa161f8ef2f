#include "nodes/config_check.hpp"

#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "jobs/rendition_check.hpp"
#include "nodes/quantity.hpp"

namespace darkroom::nodes {
namespace {

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

void check_preset(const jobs::Preset& preset, std::vector<Conflict>& conflicts) {
  const auto fault = [&](std::string_view text) {
    conflicts.push_back(
        {{"preset." + preset.name}, fmt::format("preset \"{}\": {}", preset.name, text)});
  };
  if (!jobs::is_safe_name(preset.name)) fault(jobs::unsafe_name("the name", preset.name));
  for (const std::string& text : jobs::rendition_list_faults(preset.renditions))
    fault(text);
}

void check_watermarks(const Config& config, std::vector<Conflict>& conflicts) {
  std::set<std::string_view> names;
  for (const jobs::Watermark& watermark : config.watermarks) {
    const std::string setting = "watermark." + watermark.name;
    for (std::string& text : jobs::watermark_faults(watermark))
      conflicts.push_back({{setting}, std::move(text)});
    if (names.insert(watermark.name).second) continue;
    conflicts.push_back(
        {{setting}, fmt::format("there are two watermarks called \"{}\"", watermark.name)});
  }
}

}  // namespace

std::vector<Conflict> find_conflicts(const Config& config) {
  std::vector<Conflict> conflicts;
  check_durations(config, conflicts);
  check_watermarks(config, conflicts);
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
