#include "nodes/worker_memory.hpp"

#include <algorithm>
#include <fstream>

#include <unistd.h>

#include "nodes/control_group.hpp"
#include "nodes/processor_count.hpp"

namespace darkroom::nodes {

std::uint64_t memory_within_groups(std::uint64_t machine, const std::filesystem::path& root,
                                   std::string_view membership) {
  for (const auto& group : control_groups(root, membership)) {
    std::ifstream file{group / "memory.max"};
    std::uint64_t limit = 0;
    // "max" is no limit, and no number.
    if (file >> limit) machine = std::min(machine, limit);
  }
  return machine;
}

std::uint64_t available_memory() {
  const auto pages = static_cast<std::uint64_t>(std::max(sysconf(_SC_PHYS_PAGES), 0L));
  const auto page = static_cast<std::uint64_t>(std::max(sysconf(_SC_PAGESIZE), 0L));
  return memory_within_groups(pages * page, "/sys/fs/cgroup", own_membership());
}

std::uint32_t worker_count(const Config& config) {
  return config.worker_processes > 0 ? config.worker_processes : processor_count();
}

std::uint64_t worker_memory(const Config& config, std::uint64_t available, std::uint32_t workers) {
  if (config.worker.memory > 0) return config.worker.memory;
  return std::max(available / 2 / workers, config.limits.max_memory);
}

}  // namespace darkroom::nodes
