#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom::nodes {

/// The folders of a control group of version 2 and of all those above it, the innermost first.
/// `root` is where the groups are mounted, `membership` the text of /proc/self/cgroup.
[[nodiscard]] std::vector<std::filesystem::path> control_groups(const std::filesystem::path& root,
                                                                std::string_view membership);

/// The text of /proc/self/cgroup.
[[nodiscard]] std::string own_membership();

}  // namespace darkroom::nodes
