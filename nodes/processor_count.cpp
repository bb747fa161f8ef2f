#include "nodes/processor_count.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <thread>

#include <sched.h>

#include "nodes/control_group.hpp"

namespace darkroom::nodes {
namespace {

namespace fs = std::filesystem;

std::uint32_t processors_by_affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof(set), &set) == 0) {
    return static_cast<std::uint32_t>(CPU_COUNT(&set));
  }
  // More processors than the set has room for.
  return std::thread::hardware_concurrency();
}

/// "200000 100000" are microseconds of processor time in each period of so many; "max" is no limit.
std::optional<std::uint32_t> quota_in(const fs::path& cpu_max) {
  std::ifstream file{cpu_max};
  std::uint64_t quota = 0;
  std::uint64_t period = 0;
  if (!(file >> quota >> period) || period == 0) return std::nullopt;
  const std::uint64_t whole = quota / period + (quota % period > 0 ? 1 : 0);
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(whole, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

std::optional<std::uint32_t> processors_by_quota(const fs::path& root,
                                                 std::string_view membership) {
  std::optional<std::uint32_t> least;
  for (const auto& group : control_groups(root, membership)) {
    const auto quota = quota_in(group / "cpu.max");
    if (quota && (!least || *quota < *least)) least = quota;
  }
  return least;
}

std::uint32_t processor_count() {
  const std::uint32_t free = processors_by_affinity();
  const auto quota = processors_by_quota("/sys/fs/cgroup", own_membership());
  return std::max(1U, quota ? std::min(*quota, free) : free);
}

}  // namespace darkroom::nodes
