#include "tests/cluster/process_table.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace darkroom::cluster {
namespace {

namespace fs = std::filesystem;

struct Entry {
  ProcessIdentity identity;
  char state = '?';
  pid_t parent = 0;
};

std::optional<Entry> entry_of(pid_t pid) {
  std::ifstream file(fs::path{"/proc"} / std::to_string(pid) / "stat");
  // Reading by an iterator would throw where the process ends between opening and reading.
  std::ostringstream read;
  read << file.rdbuf();
  const auto text = read.str();
  // The second field is the program's name in parentheses, and may itself contain any character.
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields{text.substr(name_end + 1)};
  Entry entry;
  entry.identity.pid = pid;
  fields >> entry.state >> entry.parent;
  // Fields 5 to 21 stand between the parent and the start time, which is the 22nd.
  std::string skipped;
  for (int field = 5; field <= 21; ++field)
    fields >> skipped;
  fields >> entry.identity.start_time;
  if (!fields) return std::nullopt;
  return entry;
}

bool has_ended(const Entry& entry) {
  return entry.state == 'Z' || entry.state == 'X';
}

}  // namespace

std::vector<ProcessIdentity> children_of(pid_t parent) {
  std::vector<ProcessIdentity> children;
  for (const auto& folder : fs::directory_iterator("/proc")) {
    const std::string name = folder.path().filename().string();
    if (!std::ranges::all_of(name, [](unsigned char c) { return std::isdigit(c) != 0; })) continue;
    const auto entry = entry_of(static_cast<pid_t>(std::stol(name)));
    if (entry && entry->parent == parent && !has_ended(*entry)) children.push_back(entry->identity);
  }
  return children;
}

bool is_alive(const ProcessIdentity& process) {
  const auto entry = entry_of(process.pid);
  return entry && entry->identity == process && !has_ended(*entry);
}

bool is_stopped(const ProcessIdentity& process) {
  const auto entry = entry_of(process.pid);
  return entry && entry->identity == process && entry->state == 'T';
}

std::optional<std::uint64_t> peak_memory_kib(pid_t pid) {
  std::ifstream file(fs::path{"/proc"} / std::to_string(pid) / "status");
  std::string word;
  std::uint64_t kib = 0;
  while (file >> word) {
    if (word == "VmHWM:" && file >> kib) return kib;
  }
  return std::nullopt;
}

}  // namespace darkroom::cluster
