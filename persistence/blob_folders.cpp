#include "persistence/blob_folders.hpp"

#include "persistence/directories.hpp"

namespace darkroom::persistence {

std::filesystem::path BlobFolders::file_of(std::string_view key) const {
  return uploads_.parent_path() / key;
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
