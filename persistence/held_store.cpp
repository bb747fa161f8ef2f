#include "persistence/held_store.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
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
constexpr std::string_view prefix = "reading-";
constexpr std::string_view random_part = "XXXXXX";

/// Nothing where somebody else has it.
std::optional<FileDescriptor> lock_folder(const fs::path& folder) {
  auto file = FileDescriptor::open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!file || ::flock(file->number(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
  return std::move(*file);
}

std::vector<std::string> names_in(const fs::path& folder, std::string_view extension) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry{folder, error}; !error && entry != fs::directory_iterator{};
       entry.increment(error)) {
    if (entry->path().extension() == extension) names.push_back(entry->path().filename());
  }
  return names;
}

}  // namespace

StoreFiles StoreFiles::list(const fs::path& store) {
  StoreFiles files;
  std::ifstream current{store / "CURRENT"};
  std::getline(current, files.manifest);
  std::error_code error;
  files.bytes = fs::file_size(store / files.manifest, error);
  if (error) files.bytes = 0;
  files.logs = names_in(store, ".log");
  files.tables = names_in(store, ".sst");
  return files;
}

bool StoreFiles::has_all_logs_of(const StoreFiles& before) const {
  if (before.logs.empty()) return has_tables_of(before);
  return std::ranges::all_of(before.logs, [this](const std::string& log) {
    return std::ranges::find(logs, log) != logs.end();
  });
}

HeldStore::HeldStore(const fs::path& store) : store_(store) {
  remove_stale(store);
  // Another reader may take a new folder for a stale one before it is locked.
  constexpr int tries = 10;
  for (int i = 0; i < tries && folder_.empty(); ++i) {
    auto name = (store / (std::string{prefix} + std::string{random_part})).string();
    if (::mkdtemp(name.data()) == nullptr) return;
    lock_ = lock_folder(name);
    std::error_code ignored;
    if (lock_ && fs::exists(name, ignored)) folder_ = name;
  }
}

HeldStore::~HeldStore() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

// The list of tables is copied between two looks at the files. What the first look saw in a log is
// held, or was in a table before the list was copied. As no log goes between the looks, the second
// sees all that were made since, without a gap: RocksDB would replay around one without a word.
HeldStore::Taken HeldStore::take() {
  if (folder_.empty()) return Taken::impossible;
  drop_logs();
  const auto before = StoreFiles::list(store_);
  if (const auto taken = link_all(before.logs, false); taken != Taken::whole) return taken;
  if (const auto taken = link_all(before.tables, true); taken != Taken::whole) return taken;
  if (!copy_manifest(before.manifest)) return Taken::changed;
  const auto after = StoreFiles::list(store_);
  if (const auto taken = link_all(after.logs, false); taken != Taken::whole) return taken;
  if (const auto taken = link_all(after.tables, true); taken != Taken::whole) return taken;
  return StoreFiles::list(store_).has_all_logs_of(before) ? Taken::whole : Taken::changed;
}

HeldStore::Taken HeldStore::link_all(const std::vector<std::string>& names,
                                     bool may_be_gone) const {
  for (const auto& name : names) {
    if (::link((store_ / name).c_str(), (folder_ / name).c_str()) == 0 || errno == EEXIST) continue;
    if (errno != ENOENT) return Taken::impossible;
    if (!may_be_gone) return Taken::changed;
  }
  return Taken::whole;
}

bool HeldStore::copy_manifest(const std::string& name) const {
  if (name.empty()) return false;
  {
    std::ifstream from{store_ / name, std::ios::binary};
    std::ofstream to{folder_ / name, std::ios::binary | std::ios::trunc};
    if (!(to << from.rdbuf())) return false;
  }
  std::ofstream current{folder_ / "CURRENT", std::ios::trunc};
  current << name << "\n";
  return static_cast<bool>(current.flush());
}

void HeldStore::drop_logs() const {
  for (const auto& name : names_in(folder_, ".log"))
    ::unlink((folder_ / name).c_str());
}

void HeldStore::remove_stale(const fs::path& store) {
  std::error_code error;
  for (fs::directory_iterator entry{store, error}; !error && entry != fs::directory_iterator{};
       entry.increment(error)) {
    const auto& path = entry->path();
    if (!path.filename().string().starts_with(prefix)) continue;
    std::error_code ignored;
    if (const auto lock = lock_folder(path)) fs::remove_all(path, ignored);
  }
}

std::string HeldStore::with_own_names(std::string text) {
  const auto length = prefix.size() + random_part.size() + 1;
  const auto start = "/" + std::string{prefix};
  for (auto at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
    if (at + length < text.size() && text[at + length] == '/') text.erase(at, length);
  }
  return text;
}

}  // namespace darkroom::persistence
