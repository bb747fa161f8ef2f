#include "nodes/certs_arguments.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nodes/nearest_name.hpp"

namespace darkroom::nodes {
namespace {

struct Action {
  std::string_view name;
  CertsAction action;
  bool has_name;
  bool has_days;
};

constexpr std::array<Action, 4> actions{{{"init", CertsAction::init, false, true},
                                         {"issue", CertsAction::issue, true, true},
                                         {"revoke", CertsAction::revoke, true, false},
                                         {"list", CertsAction::list, false, false}}};

/// A hundred years.
constexpr int max_days = 36'500;

const Action* find_action(const Arguments& arguments, std::vector<std::string>& problems) {
  std::vector<std::string> names;
  for (const Action& action : actions)
    names.emplace_back(action.name);
  const std::string list = fmt::format("; the actions are {}", fmt::join(names, ", "));
  if (arguments.words.empty()) {
    problems.push_back("darkroom certs: name an action, such as darkroom certs init" + list);
    return nullptr;
  }
  const std::string& wanted = arguments.words.front();
  const auto* const found = std::ranges::find(actions, wanted, &Action::name);
  if (found != actions.end()) return found;
  const std::string near = suggestion(wanted, names);
  problems.push_back(
      fmt::format("{}: darkroom certs has no such action{}", wanted, near.empty() ? list : near));
  return nullptr;
}

std::optional<int> read_days(const Arguments& arguments, const Action& action,
                             std::vector<std::string>& problems) {
  if (!arguments.days) return std::nullopt;
  if (!action.has_days) {
    problems.push_back(fmt::format("--days: darkroom certs {} does not take it", action.name));
    return std::nullopt;
  }
  const std::string& text = *arguments.days;
  int days = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  const bool whole = error == std::errc{} && stopped == text.data() + text.size();
  if (!whole || days < 1 || days > max_days) {
    problems.push_back(
        fmt::format("--days: must be a whole number from 1 to {}, not \"{}\"", max_days, text));
  }
  return days;
}

}  // namespace

CertsCommand make_certs(const Arguments& arguments, std::vector<std::string>& problems) {
  CertsCommand command;
  command.directory = arguments.directory;
  if (arguments.directory.empty()) problems.emplace_back("--directory: needs a value");
  const Action* const action = find_action(arguments, problems);
  if (action == nullptr) return command;
  command.action = action->action;
  command.days = read_days(arguments, *action, problems);
  const std::size_t most = action->has_name ? 2 : 1;
  if (arguments.words.size() > most) {
    problems.push_back(fmt::format("{}: darkroom certs {} takes {}", arguments.words[most],
                                   action->name, action->has_name ? "one NAME" : "flags only"));
  } else if (action->has_name && arguments.words.size() < 2) {
    problems.push_back(fmt::format("NAME: is missing; write darkroom certs {} NAME", action->name));
  } else if (action->has_name) {
    command.name = arguments.words[1];
  }
  return command;
}

}  // namespace darkroom::nodes
