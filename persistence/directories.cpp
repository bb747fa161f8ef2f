#include "persistence/directories.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "persistence/file_descriptor.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {

tl::expected<void, StoreError> make_directories(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code unreadable;
  const auto status = fs::status(path, unreadable);
  const auto parent = path.has_parent_path() ? path.parent_path() : fs::path{"."};
  if (fs::is_directory(status)) {
    // Whoever made it may have died before syncing this. What we may not open, we did not make.
    return ::access(parent.c_str(), R_OK) == 0 ? sync_directory(parent)
                                               : tl::expected<void, StoreError>{};
  }
  if (fs::exists(status)) {
    return tl::unexpected{StoreError{
        .code = StoreErrorCode::unwritable,
        .message = path.string() + " is not a folder; move it away or configure another folder"}};
  }
  if (status.type() == fs::file_type::none) {
    return tl::unexpected{error_from_errno(unreadable.value(), "cannot look at " + path.string())};
  }

  if (parent != path) {
    if (auto made = make_directories(parent); !made) return made;
  }
  constexpr mode_t owner_all_group_read = 0750;
  if (::mkdir(path.c_str(), owner_all_group_read) != 0 && errno != EEXIST) {
    auto error = error_from_errno(errno, "cannot make the folder " + path.string());
    // Not "not found": what is missing is the right to make it, or a file system that could.
    if (error.code == StoreErrorCode::not_found) error.code = StoreErrorCode::unwritable;
    return tl::unexpected{std::move(error)};
  }
  return sync_directory(parent);
}

tl::expected<void, StoreError> sync_directory(const std::filesystem::path& path) {
  return FileDescriptor::open(path, O_RDONLY | O_DIRECTORY)
      .and_then([](const FileDescriptor& folder) { return folder.sync(); });
}

}  // namespace darkroom::persistence
