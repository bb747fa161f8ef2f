#include "persistence/held_store.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
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

/// Where root reads and is killed, the service must be able to remove what is left.
void give_to_owner_of(const fs::path& store, const FileDescriptor& folder) {
  struct stat facts {};
  if (::stat(store.c_str(), &facts) != 0) return;
  [[maybe_unused]] const int denied = ::fchown(folder.number(), facts.st_uid, facts.st_gid);
}

/// Whether `text` goes on with the random part of such a folder's name and the name of a file.
bool names_file_of_reader(std::string_view text) {
  const auto file = text.substr(std::min(text.size(), random_part.size()));
  const auto end = file.find_first_of(" :;,", 1);
  return std::ranges::all_of(text.substr(0, random_part.size()),
                             [](unsigned char c) { return std::isalnum(c) != 0; }) &&
         file.starts_with('/') && file.substr(1, end - 1).find('/') == std::string_view::npos;
}

}  // namespace

StoreFiles StoreFiles::list(const fs::path& store) {
  StoreFiles files;
  std::ifstream current{store / "CURRENT"};
  std::getline(current, files.manifest);
  std::error_code error;
  files.bytes = fs::file_size(store / files.manifest, error);
  if (error) files.bytes = 0;
  for (fs::directory_iterator entry{store, error}; !error && entry != fs::directory_iterator{};
       entry.increment(error)) {
    const auto& path = entry->path();
    if (path.extension() == ".log") files.logs.push_back(path.filename());
    if (path.extension() == ".sst") files.tables.push_back(path.filename());
  }
  std::ranges::sort(files.logs);
  return files;
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
    if (!folder_.empty()) give_to_owner_of(store, *lock_);
  }
}

HeldStore::~HeldStore() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

// First the tables, of which there may be thousands, so that few are left for the moment that
// counts. In it the list of tables is copied, and logs are linked that belong to it: neither may be
// another at the end. RocksDB would replay around a log that is missing without a word, and it does
// not remove them in the order of their making.
HeldStore::Taken HeldStore::take() {
  if (folder_.empty()) return Taken::impossible;
  drop_logs();
  const auto early = StoreFiles::list(store_);
  if (const auto taken = link_all(early.tables, true); taken != Taken::whole) return taken;
  const auto before = StoreFiles::list(store_);
  if (before.manifest.empty()) return Taken::changed;
  if (const auto taken = link_all(before.logs, false); taken != Taken::whole) return taken;
  std::uintmax_t current_bytes = 0;
  if (const auto taken = copy("CURRENT", current_bytes); taken != Taken::whole) return taken;
  std::uintmax_t bytes = 0;
  if (const auto taken = copy(before.manifest, bytes); taken != Taken::whole) return taken;
  if (const auto taken = link_all(before.tables, true); taken != Taken::whole) return taken;
  const auto after = StoreFiles::list(store_);
  return after.is_same_as(before) && bytes == after.bytes ? Taken::whole : Taken::changed;
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

HeldStore::Taken HeldStore::copy(const std::string& name, std::uintmax_t& bytes) const {
  std::ifstream from{store_ / name, std::ios::binary};
  if (!from) return Taken::changed;
  std::ofstream to{folder_ / name, std::ios::binary | std::ios::trunc};
  to << from.rdbuf();
  const auto end = to.tellp();
  to.close();
  if (!to) return Taken::impossible;
  bytes = static_cast<std::uintmax_t>(end);
  return Taken::whole;
}

void HeldStore::drop_logs() const {
  for (const auto& name : StoreFiles::list(folder_).logs)
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
  const auto start = "/" + std::string{prefix};
  for (auto at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
    if (names_file_of_reader(std::string_view{text}.substr(at + start.size()))) {
      text.erase(at, start.size() + random_part.size());
    }
  }
  return text;
}

}  // namespace darkroom::persistence
