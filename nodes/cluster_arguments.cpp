#include "nodes/cluster_arguments.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "nodes/nearest_name.hpp"

namespace darkroom::nodes {
namespace {

/// The words of `darkroom queues` or `darkroom workers`: what the command is called, what its
/// action is called that stops something, and what that is.
struct Vocabulary {
  std::string_view command;
  std::string_view stop;
  std::string_view of;
};

constexpr Vocabulary of_queues{"queues", "pause", "a queue"};
constexpr Vocabulary of_workers{"workers", "drain", "a worker or node"};

void read_action(const Arguments& arguments, const Vocabulary& words, ClusterAction& action,
                 std::string& name, std::vector<std::string>& problems) {
  const std::string list = fmt::format("the actions are list, {}, resume", words.stop);
  if (arguments.words.empty()) {
    problems.push_back(fmt::format("darkroom {0}: name an action, such as darkroom {0} list; {1}",
                                   words.command, list));
    return;
  }
  const std::string& wanted = arguments.words.front();
  if (wanted == "list") {
    action = ClusterAction::list;
  } else if (wanted == words.stop) {
    action = ClusterAction::stop;
  } else if (wanted == "resume") {
    action = ClusterAction::resume;
  } else {
    const std::vector<std::string> names{"list", std::string{words.stop}, "resume"};
    const std::string near = suggestion(wanted, names);
    problems.push_back(fmt::format("{}: darkroom {} has no such action{}", wanted, words.command,
                                   near.empty() ? "; " + list : near));
    return;
  }
  const std::size_t takes = action == ClusterAction::list ? 1 : 2;
  if (arguments.words.size() > takes) {
    problems.push_back(fmt::format("{}: darkroom {} {} takes {}", arguments.words[takes],
                                   words.command, wanted, takes == 1 ? "flags only" : "one NAME"));
  } else if (arguments.words.size() < takes) {
    problems.push_back(fmt::format("NAME: is missing; write darkroom {} {} NAME, that of {}",
                                   words.command, wanted, words.of));
  } else if (takes == 2) {
    name = arguments.words[1];
  }
}

}  // namespace

QueuesCommand make_queues(const Arguments& arguments, Config config,
                          std::vector<std::string>& problems) {
  QueuesCommand command{.config = std::move(config), .name = {}, .json = arguments.json};
  read_action(arguments, of_queues, command.action, command.name, problems);
  return command;
}

WorkersCommand make_workers(const Arguments& arguments, Config config,
                            std::vector<std::string>& problems) {
  WorkersCommand command{.config = std::move(config), .name = {}, .json = arguments.json};
  read_action(arguments, of_workers, command.action, command.name, problems);
  return command;
}

}  // namespace darkroom::nodes
