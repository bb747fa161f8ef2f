#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace darkroom::nodes {

/// How many processors this process can keep busy: those that it may run on, or fewer where the CPU
/// quota of its control group allows less. At least 1.
[[nodiscard]] std::uint32_t processor_count();

/// What the quotas of a control group of version 2 and of those above it allow, rounded up; nullopt
/// where there is no quota. `root` is where the groups are mounted, `membership` the text of
/// /proc/self/cgroup.
[[nodiscard]] std::optional<std::uint32_t> processors_by_quota(const std::filesystem::path& root,
                                                               std::string_view membership);

}  // namespace darkroom::nodes
