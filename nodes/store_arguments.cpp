#include "nodes/store_arguments.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nodes/nearest_name.hpp"

namespace darkroom::nodes {
namespace {

struct Action {
  std::string_view name;
  StoreAction action;
  std::string_view operand;  ///< What stands behind it; empty: nothing.
  bool needs_operand;
  bool has_json;
};

constexpr std::array<Action, 5> actions{{{"backup", StoreAction::backup, "DIR", true, false},
                                         {"restore", StoreAction::restore, "DIR", true, false},
                                         {"inspect", StoreAction::inspect, "ID", false, false},
                                         {"stats", StoreAction::stats, "", false, true},
                                         {"verify", StoreAction::verify, "", false, true}}};

const Action* find_action(const Arguments& arguments, std::vector<std::string>& problems) {
  std::vector<std::string> names;
  for (const Action& action : actions)
    names.emplace_back(action.name);
  const std::string list = fmt::format("; the actions are {}", fmt::join(names, ", "));
  if (arguments.words.empty()) {
    problems.push_back("darkroom store: name an action, such as darkroom store stats" + list);
    return nullptr;
  }
  const std::string& wanted = arguments.words.front();
  const auto* const found = std::ranges::find(actions, wanted, &Action::name);
  if (found != actions.end()) return found;
  const std::string near = suggestion(wanted, names);
  problems.push_back(
      fmt::format("{}: darkroom store has no such action{}", wanted, near.empty() ? list : near));
  return nullptr;
}

std::string_view purpose_of(const Action& action) {
  return action.action == StoreAction::backup ? "the folder for the backup"
                                              : "the folder that a backup was made to";
}

}  // namespace

StoreCommand make_store(const Arguments& arguments, Config config,
                        std::vector<std::string>& problems) {
  StoreCommand command;
  command.config = std::move(config);
  command.json = arguments.json;
  const Action* const action = find_action(arguments, problems);
  if (action == nullptr) return command;
  command.action = action->action;
  const std::size_t most = action->operand.empty() ? 1 : 2;
  if (arguments.words.size() > most) {
    problems.push_back(
        fmt::format("{}: darkroom store {} takes {}", arguments.words[most], action->name,
                    most == 1 ? "flags only" : "one " + std::string{action->operand}));
    return command;
  }
  if (arguments.json && !action->has_json) {
    problems.push_back(fmt::format("--json: darkroom store {} does not take it", action->name));
  }
  const bool has_operand = arguments.words.size() > 1;
  if (!has_operand || (action->needs_operand && arguments.words[1].empty())) {
    if (action->needs_operand) {
      problems.push_back(fmt::format("{}: is missing; write darkroom store {} {}, {}",
                                     action->operand, action->name, action->operand,
                                     purpose_of(*action)));
    }
    return command;
  }
  const std::string& operand = arguments.words[1];
  if (action->action != StoreAction::inspect) {
    command.folder = operand;
  } else if (command.id = jobs::JobId::parse(operand); !command.id) {
    problems.push_back(fmt::format(
        "{}: is no id of a job, such as 01a1fc83-0b76-7db0-9d5f-a05d4cbe54e0", operand));
  }
  return command;
}

}  // namespace darkroom::nodes
