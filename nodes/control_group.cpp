#include "nodes/control_group.hpp"

#include <fstream>
#include <iterator>

namespace darkroom::nodes {
namespace {

namespace fs = std::filesystem;

/// "/a/b" of the line "0::/a/b", which is the one of version 2; "/" where there is none.
fs::path group_of(std::string_view membership) {
  constexpr std::string_view mark = "0::/";
  const std::size_t start = membership.find(mark);
  if (start == std::string_view::npos) return "/";
  membership.remove_prefix(start + mark.size() - 1);
  return membership.substr(0, membership.find('\n'));
}

}  // namespace

std::vector<fs::path> control_groups(const fs::path& root, std::string_view membership) {
  std::vector<fs::path> groups;
  for (fs::path group = group_of(membership);; group = group.parent_path()) {
    groups.push_back(root / group.relative_path());
    if (group == group.parent_path()) return groups;
  }
}

std::string own_membership() {
  std::ifstream file{"/proc/self/cgroup"};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace darkroom::nodes
