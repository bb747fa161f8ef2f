#pragma once

#include <string>
#include <vector>

namespace darkroom::nodes {

/// What the operator of a worker node should hear of the queues that it takes (`wanted`), given
/// those that the coordinator has: a sentence for each that is not there.
[[nodiscard]] std::vector<std::string> queue_warnings(const std::vector<std::string>& wanted,
                                                      const std::vector<std::string>& there);

}  // namespace darkroom::nodes
