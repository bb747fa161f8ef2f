#include "nodes/jobs_arguments.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "nodes/nearest_name.hpp"

namespace darkroom::nodes {
namespace {

void refuse_action(std::string_view command, const std::string& wanted,
                   const std::vector<std::string>& names, std::string_view list,
                   std::vector<std::string>& problems) {
  const std::string near = suggestion(wanted, names);
  problems.push_back(fmt::format("{}: darkroom {} has no such action{}", wanted, command,
                                 near.empty() ? fmt::format("; {}", list) : near));
}

/// The job that the action is on; none where the command line says that of no job, or not rightly.
std::optional<jobs::JobId> read_id(const Arguments& arguments, std::vector<std::string>& problems) {
  const std::string& action = arguments.words.front();
  if (arguments.words.size() > 2) {
    problems.push_back(
        fmt::format("{}: darkroom jobs {} takes one ID", arguments.words[2], action));
    return std::nullopt;
  }
  if (arguments.words.size() < 2) {
    problems.push_back(fmt::format("ID: is missing; write darkroom jobs {} ID{}", action,
                                   action == "retry" ? ", or --all-failed" : ""));
    return std::nullopt;
  }
  const std::string& text = arguments.words[1];
  auto id = jobs::JobId::parse(text);
  if (!id) {
    problems.push_back(
        fmt::format("{}: is no id of a job, such as 01a1fc83-0b76-7db0-9d5f-a05d4cbe54e0", text));
  }
  return id;
}

}  // namespace

JobsCommand make_jobs(const Arguments& arguments, Config config,
                      std::vector<std::string>& problems) {
  constexpr std::string_view list = "the actions are retry, cancel";
  JobsCommand command;
  command.config = std::move(config);
  if (arguments.words.empty()) {
    problems.push_back(
        fmt::format("darkroom jobs: name an action, such as darkroom jobs retry ID; {}", list));
    return command;
  }
  const std::string& action = arguments.words.front();
  if (action != "retry" && action != "cancel") {
    refuse_action("jobs", action, {"retry", "cancel"}, list, problems);
    return command;
  }
  command.action = action == "retry" ? JobsAction::retry : JobsAction::cancel;
  if (!arguments.all_failed) {
    command.id = read_id(arguments, problems);
  } else if (command.action == JobsAction::cancel) {
    problems.emplace_back("--all-failed: darkroom jobs cancel does not take it");
  } else if (arguments.words.size() > 1) {
    problems.push_back(fmt::format("{}: --all-failed is given too; give the one or the other",
                                   arguments.words[1]));
  }
  return command;
}

JanitorCommand make_janitor(const Arguments& arguments, Config config,
                            std::vector<std::string>& problems) {
  if (arguments.words.empty()) {
    problems.emplace_back("darkroom janitor: name its action: darkroom janitor run");
  } else if (arguments.words.front() != "run") {
    refuse_action("janitor", arguments.words.front(), {"run"}, "the only one is run", problems);
  } else if (arguments.words.size() > 1) {
    problems.push_back(
        fmt::format("{}: darkroom janitor run takes flags only", arguments.words[1]));
  }
  return {std::move(config)};
}

}  // namespace darkroom::nodes
