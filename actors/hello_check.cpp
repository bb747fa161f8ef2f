#include "actors/hello_check.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace darkroom::actors {
namespace {

/// 1 to 100 printable characters of ASCII, none of them a space: what fits into a line of a log or
/// of a table, whoever chose it.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= worker_limits::name_bytes &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

std::string name_rule() {
  return " must be 1 to " + std::to_string(worker_limits::name_bytes) +
         " printable characters of ASCII without spaces.";
}

bool are_queues(const std::vector<std::string>& queues) {
  return queues.size() <= worker_limits::queues && std::ranges::all_of(queues, is_name);
}

std::string queue_rule() {
  return "names queues that cannot be: at most " + std::to_string(worker_limits::queues) +
         ", and each" + name_rule();
}

}  // namespace

std::string fault_of(const WorkerHello& hello) {
  if (!is_name(hello.worker.name)) return "has no name that it can have: it" + name_rule();
  if (!hello.node.empty() && !is_name(hello.node))
    return "names a node that cannot be: it" + name_rule();
  if (!hello.version.empty() && !is_name(hello.version)) {
    return "names a version that cannot be: it" + name_rule();
  }
  if (!are_queues(hello.queues)) return queue_rule();
  if (hello.slots == 0 || hello.slots > worker_limits::slots) {
    return "must have 1 to " + std::to_string(worker_limits::slots) + " slots, not " +
           std::to_string(hello.slots) + ".";
  }
  if (hello.fetches > worker_limits::slots) {
    return "must fetch at most " + std::to_string(worker_limits::slots) +
           " originals at once, not " + std::to_string(hello.fetches) + ".";
  }
  return {};
}

std::string fault_of(const NodeHello& hello) {
  if (!is_name(hello.node.name) || !is_name(hello.version)) {
    return "has a name or a version that cannot be: each" + name_rule();
  }
  if (!are_queues(hello.queues)) return queue_rule();
  return {};
}

}  // namespace darkroom::actors
