#include "nodes/config_command.hpp"

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nodes/queue_settings.hpp"
#include "nodes/rendition_settings.hpp"
#include "nodes/worker_memory.hpp"

namespace darkroom::nodes {
namespace {

std::string value_in_toml(const Setting& setting, const Config& config) {
  return value_to_toml(setting.type, setting.get(config));
}

bool is_hidden(const Setting& setting, const Config& config) {
  return setting.secret ||
         (setting.discreet && !value_to_text(setting.type, setting.get(config)).empty());
}

/// Where the value came from; of one that is settled at start, what it will be on this machine too.
std::string origin_of(const Setting& setting, const EffectiveConfig& effective) {
  const std::string origin = effective.origin(setting.name());
  const Config& config = effective.config;
  if (setting.name() != "worker.memory" || config.worker.memory != 0) return origin;
  return fmt::format("{}; here {} MiB, for each of {} workers", origin,
                     worker_memory(config, available_memory(), worker_count(config)) >> 20U,
                     worker_count(config));
}

void print_section(const std::string& section, std::span<const Setting> settings,
                   const EffectiveConfig& effective, std::ostream& out) {
  std::size_t key_width = 0;
  std::size_t value_width = 0;
  for (const Setting& setting : settings) {
    if (setting.section != section || is_hidden(setting, effective.config)) continue;
    key_width = std::max(key_width, setting.key.size());
    value_width = std::max(value_width, value_in_toml(setting, effective.config).size());
  }
  out << fmt::format("[{}]  # {}\n", section, section_title(section));
  for (const Setting& setting : settings) {
    if (setting.section != section) continue;
    const std::string origin = origin_of(setting, effective);
    if (is_hidden(setting, effective.config)) {
      out << fmt::format("# {} is a secret  # {}\n", setting.key, origin);
      continue;
    }
    out << fmt::format("{:<{}} = {:<{}}  # {}\n", setting.key, key_width,
                       value_in_toml(setting, effective.config), value_width, origin);
  }
  out << '\n';
}

void print_preset(const jobs::Preset& preset, const std::string& origin, std::ostream& out) {
  out << fmt::format("[[preset]]  # {}\nname = {}\nrenditions = [\n", origin,
                     toml_string(preset.name));
  for (const jobs::RenditionSpec& spec : preset.renditions) {
    std::vector<std::string> fields;
    for (const auto& field : rendition_settings()) {
      // Only what says something: there are many options, and none of them is often used.
      const bool required = field.key == "name" || field.key == "operation";
      if (!required && field.get(spec) == field.get(jobs::RenditionSpec{})) continue;
      fields.push_back(
          fmt::format("{} = {}", field.key, value_to_toml(field.type, field.get(spec))));
    }
    out << fmt::format("  {{ {} }},\n", fmt::join(fields, ", "));
  }
  out << "]\n";
}

void print_watermark(const jobs::Watermark& watermark, const std::string& origin,
                     std::ostream& out) {
  out << fmt::format("[[watermark]]  # {}\n", origin);
  for (const auto& field : watermark_settings()) {
    out << fmt::format("{} = {}\n", field.key, value_to_toml(field.type, field.get(watermark)));
  }
  out << '\n';
}

/// "base = "5s"": what a queue says itself, in TOML.
std::vector<std::string> fields_of(const Queue& queue) {
  std::vector<std::string> fields;
  for (const auto& field : queue_settings()) {
    if (field.key == "name" || field.get(queue) == field.get(Queue{})) continue;
    fields.push_back(
        fmt::format("{} = {}", field.key, value_to_toml(field.type, field.get(queue))));
  }
  return fields;
}

void print_queue(const Queue& queue, const std::string& origin, std::ostream& out) {
  out << fmt::format("[[queue]]  # {}\nname = {}\n", origin, toml_string(queue.name));
  for (const std::string& field : fields_of(queue))
    out << field << '\n';
  out << '\n';
}

}  // namespace

void print_as_toml(std::span<const Setting> settings, const EffectiveConfig& effective,
                   std::ostream& out) {
  for (const std::string& section : section_names(settings)) {
    print_section(section, settings, effective, out);
  }
  for (const jobs::Watermark& watermark : effective.config.watermarks) {
    print_watermark(watermark, effective.origin("watermark." + watermark.name), out);
  }
  for (const Queue& queue : effective.config.queues)
    print_queue(queue, effective.origin("queue." + queue.name), out);
  bool first = true;
  for (const jobs::Preset& preset : effective.config.presets) {
    if (!first) out << '\n';
    first = false;
    print_preset(preset, effective.origin("preset." + preset.name), out);
  }
}

void print_as_text(std::span<const Setting> settings, const EffectiveConfig& effective,
                   std::ostream& out) {
  struct Row {
    std::string name;
    std::string value;
    std::string origin;
  };
  std::vector<Row> rows;
  for (const Setting& setting : settings) {
    rows.push_back({setting.name(),
                    is_hidden(setting, effective.config)
                        ? "(secret)"
                        : value_to_text(setting.type, setting.get(effective.config)),
                    origin_of(setting, effective)});
  }
  for (const jobs::Watermark& watermark : effective.config.watermarks) {
    const std::string name = "watermark." + watermark.name;
    rows.push_back({name, watermark.image, effective.origin(name)});
  }
  for (const Queue& queue : effective.config.queues) {
    const std::string name = "queue." + queue.name;
    const std::string value = fmt::format("({} settings)", fields_of(queue).size());
    rows.push_back({name, value, effective.origin(name)});
  }
  for (const jobs::Preset& preset : effective.config.presets) {
    const std::string name = "preset." + preset.name;
    rows.push_back(
        {name, fmt::format("({} renditions)", preset.renditions.size()), effective.origin(name)});
  }
  const std::size_t name_width =
      std::ranges::max(rows, {}, [](const Row& row) { return row.name.size(); }).name.size();
  const std::size_t value_width =
      std::ranges::max(rows, {}, [](const Row& row) { return row.value.size(); }).value.size();
  for (const Row& row : rows) {
    out << fmt::format("{:<{}}  {:<{}}  {}\n", row.name, name_width, row.value, value_width,
                       row.origin);
  }
}

int run_config(const ConfigCommand& command, std::ostream& out, std::ostream& err) {
  if (command.output == ConfigOutput::toml) {
    print_as_toml(all_settings(), command.effective, out);
  } else {
    print_as_text(all_settings(), command.effective, out);
  }
  if (out.flush()) return 0;
  err << "darkroom: the settings cannot be written to standard output\n";
  return 1;
}

}  // namespace darkroom::nodes
