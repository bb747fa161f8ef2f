#include "tools/process_times.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <system_error>

#include <unistd.h>

namespace darkroom::tools {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Stat {
  std::string name;
  pid_t parent = 0;
  double cpu_milliseconds = 0;
};

std::optional<Stat> stat_of(const fs::path& folder) {
  const auto text = content_of(folder / "stat");
  // The second field is a name in parentheses, which may itself contain any character.
  const auto begin = text.find('(');
  const auto end = text.rfind(')');
  if (begin == std::string::npos || end == std::string::npos) return std::nullopt;
  Stat stat;
  stat.name = text.substr(begin + 1, end - begin - 1);
  std::istringstream fields{text.substr(end + 1)};
  std::string skipped;
  fields >> skipped >> stat.parent;
  // Fields 5 to 13 stand between the parent and the CPU time in user and in kernel mode.
  for (int field = 5; field <= 13; ++field)
    fields >> skipped;
  double user = 0;
  double kernel = 0;
  fields >> user >> kernel;
  if (!fields) return std::nullopt;
  stat.cpu_milliseconds = (user + kernel) * 1e3 / static_cast<double>(::sysconf(_SC_CLK_TCK));
  return stat;
}

/// The number of KiB behind that word; none where it is not there.
std::optional<std::uint64_t> kib_behind(const fs::path& file, std::string_view wanted) {
  std::istringstream words{content_of(file)};
  std::string word;
  std::uint64_t kib = 0;
  while (words >> word) {
    if (word == wanted && words >> kib) return kib;
  }
  return std::nullopt;
}

/// The command line's second word, and what its --name says: enough to tell processes of this
/// program apart.
std::string name_of(const fs::path& folder, const std::string& fallback) {
  std::istringstream line{content_of(folder / "cmdline")};
  std::vector<std::string> words;
  for (std::string word; std::getline(line, word, '\0');)
    words.push_back(word);
  if (words.size() < 2 || words[1].starts_with('-')) return fallback;
  std::string name = words[1];
  constexpr std::string_view flag = "--name=";
  for (const auto& word : words) {
    if (word.starts_with(flag)) name += " " + word.substr(flag.size());
  }
  return name;
}

fs::path folder_of(pid_t pid) {
  return fs::path{"/proc"} / std::to_string(pid);
}

bool is_number(const std::string& text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// Processes by their parent.
std::multimap<pid_t, pid_t> children_of_all() {
  std::multimap<pid_t, pid_t> children;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    if (!is_number(name)) continue;
    if (const auto stat = stat_of(entry.path())) {
      children.emplace(stat->parent, static_cast<pid_t>(std::stol(name)));
    }
  }
  return children;
}

}  // namespace

std::optional<ProcessTimes> process_times(pid_t pid) {
  const auto folder = folder_of(pid);
  const auto stat = stat_of(folder);
  if (!stat) return std::nullopt;
  return ProcessTimes{.pid = pid,
                      .name = name_of(folder, stat->name),
                      .cpu_milliseconds = stat->cpu_milliseconds,
                      .peak_memory = kib_behind(folder / "status", "VmHWM:").value_or(0) << 10U};
}

std::vector<ProcessTimes> process_tree_times(pid_t root) {
  const auto children = children_of_all();
  std::vector<pid_t> found{root};
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto [first, last] = children.equal_range(found[i]);
    for (auto child = first; child != last; ++child)
      found.push_back(child->second);
  }
  std::vector<ProcessTimes> times;
  for (const auto pid : found) {
    if (auto one = process_times(pid)) times.push_back(std::move(*one));
  }
  return times;
}

std::uint64_t proportional_memory(const std::vector<ProcessTimes>& processes) {
  std::uint64_t kib = 0;
  for (const auto& process : processes)
    kib += kib_behind(folder_of(process.pid) / "smaps_rollup", "Pss:").value_or(0);
  return kib << 10U;
}

std::map<std::string, double> own_thread_times() {
  std::map<std::string, double> times;
  for (const auto& entry : fs::directory_iterator("/proc/self/task")) {
    const auto stat = stat_of(entry.path());
    // Threads that do the same have the same name; each counts by itself.
    if (stat) times[stat->name + " " + entry.path().filename().string()] += stat->cpu_milliseconds;
  }
  return times;
}

}  // namespace darkroom::tools
