#include "persistence/backup_folder.hpp"

#include <cerrno>
#include <fstream>
#include <span>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>

#include "persistence/directories.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

constexpr const char* sign_name = "darkroom-backup";

tl::unexpected<StoreError> refused(std::string message) {
  return tl::unexpected{
      StoreError{.code = StoreErrorCode::unwritable, .message = std::move(message)}};
}

bool lies_in(const fs::path& inner, const fs::path& outer) {
  const auto relative = inner.lexically_relative(outer);
  return !relative.empty() && *relative.begin() != "..";
}

/// Nothing but what a new file system has.
bool holds_nothing(const fs::path& folder, std::error_code& error) {
  for (fs::directory_iterator entry{folder, error}; !error && entry != fs::directory_iterator{};
       entry.increment(error)) {
    if (entry->path().filename() != "lost+found") return false;
  }
  return true;
}

std::string first_line(const fs::path& file) {
  std::ifstream stream{file};
  std::string line;
  std::getline(stream, line);
  return line;
}

}  // namespace

tl::expected<BackupFolder, StoreError> BackupFolder::open(const fs::path& folder,
                                                          const fs::path& root,
                                                          const std::string& identity) {
  std::error_code error;
  const auto real_root = fs::weakly_canonical(root, error);
  const auto real = error ? fs::path{} : fs::weakly_canonical(folder, error);
  if (error) {
    return tl::unexpected{error_from_errno(error.value(), "cannot resolve " + folder.string())};
  }
  if (lies_in(real, real_root) || lies_in(real_root, real)) {
    return refused("the backup cannot go to " + real.string() +
                   ", because one of it and the data folder " + real_root.string() +
                   " lies in the other; name a folder elsewhere, best on another disk");
  }
  if (auto made = make_directories(real); !made) return tl::unexpected{made.error()};
  const auto sign = real / sign_name;
  if (!fs::exists(sign, error) && !holds_nothing(real, error)) {
    return refused(real.string() +
                   " is not empty and holds no backup of Darkroom's; name a new folder, or the one "
                   "of an earlier backup");
  }
  if (error) {
    return tl::unexpected{error_from_errno(error.value(), "cannot list " + real.string())};
  }
  constexpr mode_t mode = 0640;
  auto file = FileDescriptor::open(sign, O_RDWR | O_CREAT | O_NOFOLLOW, mode);
  if (!file) return tl::unexpected{file.error()};
  if (::flock(file->number(), LOCK_EX | LOCK_NB) != 0) {
    return refused("another backup to " + real.string() +
                   ", or a restore from it, is under way; wait for its end");
  }
  const auto owner = first_line(sign);
  if (owner.empty()) {
    if (auto written = file->write_all(std::as_bytes(std::span{identity})); !written) {
      return tl::unexpected{written.error()};
    }
    if (auto synced = file->sync(); !synced) return tl::unexpected{synced.error()};
    if (auto synced = sync_directory(real); !synced) return tl::unexpected{synced.error()};
  } else if (owner != identity) {
    return refused(real.string() +
                   " holds the backup of another store (one that was restored counts as another); "
                   "name a new folder");
  }
  return BackupFolder{real, std::move(*file)};
}

bool BackupFolder::overlap(const fs::path& one, const fs::path& other) {
  std::error_code error;
  const auto real_one = fs::weakly_canonical(one, error);
  const auto real_other = fs::weakly_canonical(other, error);
  return lies_in(real_one, real_other) || lies_in(real_other, real_one);
}

tl::expected<BackupFolder, StoreError> BackupFolder::open_for_reading(const fs::path& folder) {
  auto file = FileDescriptor::open(folder / sign_name, O_RDONLY | O_NOFOLLOW);
  if (!file) return tl::unexpected{file.error()};
  if (::flock(file->number(), LOCK_SH | LOCK_NB) != 0) {
    return refused("a backup to " + folder.string() + " is under way; wait for its end");
  }
  return BackupFolder{folder, std::move(*file)};
}

}  // namespace darkroom::persistence
