#include "persistence/blob_folders.hpp"

#include <cerrno>

#include <sys/statvfs.h>

#include "persistence/directories.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {

std::filesystem::path BlobFolders::file_of(std::string_view key) const {
  return uploads_.parent_path() / key;
}

tl::expected<void, StoreError> BlobFolders::check_room() const {
  if (reserve_bytes_ == 0) return {};
  struct statvfs disk {};
  if (::statvfs(temporary_.c_str(), &disk) != 0) {
    return tl::unexpected{error_from_errno(errno, "cannot look at " + temporary_.string())};
  }
  const auto free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (free >= reserve_bytes_) return {};
  return tl::unexpected{StoreError{
      .code = StoreErrorCode::no_space,
      .message = "the disk of " + temporary_.string() + " has " + std::to_string(free) +
                 " bytes free, and " + std::to_string(reserve_bytes_) +
                 " are kept for the job store (storage.reserve); free some space on it"}};
}

tl::expected<void, StoreError> BlobFolders::ensure(const std::string& name) {
  const std::scoped_lock lock{mutex_};
  if (durable_.contains(name)) return {};
  if (auto made = make_directories(uploads_ / name); !made) return made;
  // Also for one that was there: whoever made it may have died before syncing this.
  if (auto synced = sync_directory(uploads_); !synced) return synced;
  durable_.insert(name);
  return {};
}

tl::expected<void, StoreError> BlobFolders::ensure_again(const std::string& name) {
  {
    const std::scoped_lock lock{mutex_};
    durable_.erase(name);
  }
  return ensure(name);
}

}  // namespace darkroom::persistence
