#include "nodes/command_line.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "jobs/rendition_check.hpp"
#include "nodes/arguments.hpp"
#include "nodes/backend_formats.hpp"
#include "nodes/certs_arguments.hpp"
#include "nodes/cluster_arguments.hpp"
#include "nodes/jobs_arguments.hpp"
#include "nodes/keys_arguments.hpp"
#include "nodes/load_config.hpp"
#include "nodes/node_arguments.hpp"
#include "nodes/rendition_json.hpp"
#include "nodes/store_arguments.hpp"

namespace darkroom::nodes {
namespace {

using Lines = std::vector<std::string>;

/// The preset that `darkroom process` is to make, or its own renditions as one without a name.
std::optional<jobs::Preset> chosen_preset(const Arguments& arguments, const Config& config,
                                          Lines& problems) {
  if (arguments.renditions) {
    if (arguments.preset) {
      problems.emplace_back("--renditions: --preset is given too; give the one or the other");
      return std::nullopt;
    }
    auto read = read_renditions(*arguments.renditions, jobs::max_renditions, config.watermarks);
    if (read) {
      for (const std::string& fault : format_faults(config, *read))
        problems.push_back("--renditions: " + fault);
    }
    if (read) return jobs::Preset{.name = "", .renditions = std::move(*read)};
    for (const std::string& fault : read.error())
      problems.push_back("--renditions: " + fault);
    return std::nullopt;
  }
  const std::string wanted = arguments.preset.value_or("default");
  const auto preset = std::ranges::find(config.presets, wanted, &jobs::Preset::name);
  if (preset != config.presets.end()) return *preset;
  std::vector<std::string> names;
  names.reserve(config.presets.size());
  for (const jobs::Preset& candidate : config.presets)
    names.push_back(candidate.name);
  problems.push_back(fmt::format("--preset: there is no preset \"{}\"; there are: {}", wanted,
                                 fmt::join(names, ", ")));
  return std::nullopt;
}

Command make_process(const Arguments& arguments, EffectiveConfig effective, Lines& problems) {
  ProcessCommand command;
  command.config = std::move(effective.config);
  command.images.assign(arguments.images.begin(), arguments.images.end());
  command.output = arguments.output;
  command.overwrite = arguments.overwrite;
  if (arguments.images.empty()) problems.emplace_back("IMAGE: is missing; name the images");
  if (arguments.output.empty()) {
    problems.emplace_back("-o: is missing; write -o DIR, the folder for the renditions");
  }
  if (auto preset = chosen_preset(arguments, command.config, problems)) {
    command.preset = std::move(*preset);
  }
  return command;
}

Command make_config(const Arguments& arguments, EffectiveConfig effective, Lines& problems) {
  ConfigCommand command{.effective = std::move(effective), .output = ConfigOutput::toml};
  if (arguments.config_output == "text") {
    command.output = ConfigOutput::text;
  } else if (arguments.config_output != "toml") {
    problems.push_back(
        fmt::format("--format: must be toml or text, not \"{}\"", arguments.config_output));
  }
  return command;
}

Command make_webhook(const Arguments& arguments, Lines& problems) {
  if (arguments.words != std::vector<std::string>{"secret"}) {
    problems.emplace_back("darkroom webhook: write darkroom webhook secret, and nothing else");
  }
  return WebhookCommand{};
}

Command make_command(const Arguments& arguments, EffectiveConfig effective, Lines& problems) {
  if (arguments.command == "coordinator") return CoordinatorCommand{std::move(effective.config)};
  if (arguments.command == "ingest") {
    return make_ingest(arguments, std::move(effective.config), problems);
  }
  if (arguments.command == "worker") {
    return make_worker(arguments, std::move(effective.config), problems);
  }
  if (arguments.command == "process")
    return make_process(arguments, std::move(effective), problems);
  if (arguments.command == "config") return make_config(arguments, std::move(effective), problems);
  if (arguments.command == "store") {
    return make_store(arguments, std::move(effective.config), problems);
  }
  if (arguments.command == "jobs") {
    return make_jobs(arguments, std::move(effective.config), problems);
  }
  if (arguments.command == "janitor") {
    return make_janitor(arguments, std::move(effective.config), problems);
  }
  if (arguments.command == "queues") {
    return make_queues(arguments, std::move(effective.config), problems);
  }
  if (arguments.command == "workers") {
    return make_workers(arguments, std::move(effective.config), problems);
  }
  if (arguments.command == "keys") {
    return make_keys(arguments, std::move(effective.config), problems);
  }
  return ServeCommand{std::move(effective.config)};
}

}  // namespace

tl::expected<Command, EarlyExit> parse_command_line(std::span<const char* const> args,
                                                    const Environment& environment,
                                                    const std::filesystem::path& directory) {
  const auto arguments = read_arguments(args);
  if (!arguments) return tl::make_unexpected(arguments.error());

  Lines problems = arguments->unknown;
  if (arguments->command == "certs") {
    // Before the settings, which may lack just what this makes.
    Command command = make_certs(*arguments, problems);
    if (!problems.empty()) return tl::make_unexpected(refusal(problems));
    return command;
  }
  if (arguments->command == "webhook") {
    Command command = make_webhook(*arguments, problems);
    if (!problems.empty()) return tl::make_unexpected(refusal(problems));
    return command;
  }
  auto effective = load_config(all_settings(), {.config_flag = arguments->config_file,
                                                .flags = arguments->flags,
                                                .environment = environment,
                                                .directory = directory});
  if (!effective) {
    problems.insert(problems.end(), effective.error().begin(), effective.error().end());
    return tl::make_unexpected(refusal(problems));
  }
  Command command = make_command(*arguments, *std::move(effective), problems);
  if (!problems.empty()) return tl::make_unexpected(refusal(problems));
  return command;
}

std::vector<std::string> to_arguments(const Config& config) {
  std::vector<std::string> arguments;
  for (const Setting& setting : all_settings()) {
    if (setting.secret || setting.discreet) continue;
    arguments.push_back(
        fmt::format("{}={}", flag_name(setting), value_to_text(setting.type, setting.get(config))));
  }
  return arguments;
}

}  // namespace darkroom::nodes
