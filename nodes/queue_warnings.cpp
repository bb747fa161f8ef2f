#include "nodes/queue_warnings.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nodes/nearest_name.hpp"

namespace darkroom::nodes {

std::vector<std::string> queue_warnings(const std::vector<std::string>& wanted,
                                        const std::vector<std::string>& there) {
  std::vector<std::string> warnings;
  for (const auto& queue : wanted) {
    if (std::ranges::find(there, queue) != there.end()) continue;
    warnings.push_back(fmt::format(
        "--queues: the coordinator has no queue \"{}\" (it has: {}); this node takes its jobs once "
        "there is one{}",
        queue, fmt::join(there, ", "), suggestion(queue, there)));
  }
  return warnings;
}

}  // namespace darkroom::nodes
