#include "persistence/held_tables.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

/// RocksDB leaves names alone that it does not know.
constexpr const char* prefix = "reading-";

/// Nothing where somebody else has it.
std::optional<FileDescriptor> lock_folder(const fs::path& folder) {
  auto file = FileDescriptor::open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!file || ::flock(file->number(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
  return std::move(*file);
}

}  // namespace

HeldTables::HeldTables(const fs::path& store) : store_(store) {
  remove_stale(store);
  // Another reader may take a new folder for a stale one before it is locked.
  constexpr int tries = 10;
  for (int i = 0; i < tries && folder_.empty(); ++i) {
    auto name = (store / (std::string{prefix} + "XXXXXX")).string();
    if (::mkdtemp(name.data()) == nullptr) return;
    lock_ = lock_folder(name);
    std::error_code ignored;
    if (lock_ && fs::exists(name, ignored)) folder_ = name;
  }
}

HeldTables::~HeldTables() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

bool HeldTables::hold(std::span<const std::string> names) {
  if (folder_.empty()) return true;
  return std::ranges::all_of(names, [&](const std::string& name) {
    const auto file = store_ / name;
    // A file system without second names takes nothing away from us either way.
    return ::link(file.c_str(), (folder_ / name).c_str()) == 0 || errno != ENOENT;
  });
}

void HeldTables::remove_stale(const fs::path& store) {
  std::error_code error;
  for (fs::directory_iterator entry{store, error}; !error && entry != fs::directory_iterator{};
       entry.increment(error)) {
    const auto& path = entry->path();
    if (!path.filename().string().starts_with(prefix)) continue;
    std::error_code ignored;
    if (const auto lock = lock_folder(path)) fs::remove_all(path, ignored);
  }
}

}  // namespace darkroom::persistence
