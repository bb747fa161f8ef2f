#include "nodes/keys_arguments.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "nodes/nearest_name.hpp"
#include "persistence/api_keys.hpp"

namespace darkroom::nodes {
namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view create_usage =
    "write darkroom keys create --name NAME --scope read|write|admin";

void read_action(const std::string& wanted, KeysCommand& command, Lines& problems) {
  if (wanted == "create") {
    command.action = KeysAction::create;
  } else if (wanted == "list") {
    command.action = KeysAction::list;
  } else if (wanted == "revoke") {
    command.action = KeysAction::revoke;
  } else {
    const std::vector<std::string> actions{"create", "list", "revoke"};
    const std::string near = suggestion(wanted, actions);
    problems.push_back(fmt::format("{}: darkroom keys has no such action{}", wanted,
                                   near.empty() ? "; the actions are create, list, revoke" : near));
  }
}

void read_key(const Arguments& arguments, KeysCommand& command, Lines& problems) {
  if (!arguments.key_name) {
    problems.push_back(fmt::format("--name: is missing; {}", create_usage));
  } else if (auto fault = persistence::fault_of_key_name(*arguments.key_name); !fault.empty()) {
    problems.push_back("--name: " + fault);
  } else {
    command.name = *arguments.key_name;
  }
  if (!arguments.key_scope) {
    problems.push_back(fmt::format("--scope: is missing; {}", create_usage));
  } else if (const auto scope = persistence::parse_key_scope(*arguments.key_scope)) {
    command.scope = *scope;
  } else {
    problems.push_back(
        fmt::format("--scope: must be read, write or admin, not \"{}\"", *arguments.key_scope));
  }
  if (!arguments.key_tenant) return;
  if (auto fault = persistence::fault_of_tenant(*arguments.key_tenant); !fault.empty()) {
    problems.push_back("--tenant: " + fault);
  }
  command.tenant = *arguments.key_tenant;
}

/// Flags that only the making of a key takes.
void refuse_flags(const Arguments& arguments, const std::string& action, Lines& problems) {
  const auto refuse = [&](std::string_view flag, const std::optional<std::string>& value) {
    if (value)
      problems.push_back(fmt::format("{}: darkroom keys {} does not take it", flag, action));
  };
  refuse("--name", arguments.key_name);
  refuse("--scope", arguments.key_scope);
  refuse("--tenant", arguments.key_tenant);
}

/// The id of a key, which may be given as it stands in the key, or as the whole key.
void read_id(const Arguments& arguments, KeysCommand& command, Lines& problems) {
  if (arguments.words.size() < 2) {
    problems.emplace_back(
        "ID: is missing; write darkroom keys revoke ID, as darkroom keys list "
        "shows it");
    return;
  }
  const std::string& text = arguments.words[1];
  constexpr std::string_view prefix = "dk_";
  command.id = persistence::id_of_api_key(text).value_or(
      text.starts_with(prefix) ? text.substr(prefix.size()) : text);
}

}  // namespace

KeysCommand make_keys(const Arguments& arguments, Config config, Lines& problems) {
  KeysCommand command{.config = std::move(config), .json = arguments.json};
  if (arguments.words.empty()) {
    problems.emplace_back(
        "darkroom keys: name an action, such as darkroom keys list; the actions are create, list, "
        "revoke");
    return command;
  }
  const std::string& action = arguments.words.front();
  read_action(action, command, problems);
  if (!problems.empty()) return command;
  const std::size_t takes = command.action == KeysAction::revoke ? 2 : 1;
  if (arguments.words.size() > takes) {
    problems.push_back(fmt::format("{}: darkroom keys {} takes {}", arguments.words[takes], action,
                                   takes == 1 ? "flags only" : "one ID"));
    return command;
  }
  if (command.action == KeysAction::create) {
    read_key(arguments, command, problems);
  } else {
    refuse_flags(arguments, action, problems);
  }
  if (command.action == KeysAction::revoke) read_id(arguments, command, problems);
  return command;
}

}  // namespace darkroom::nodes
