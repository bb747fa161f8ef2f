#include "persistence/file_blob_walk.hpp"

#include <system_error>
#include <utility>

#include <sys/stat.h>

#include "persistence/file_blob_reader.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

tl::unexpected<StoreError> cannot_list(const fs::path& folder, const std::error_code& error) {
  return tl::unexpected{error_from_errno(error.value(), "cannot list " + folder.string())};
}

bool is_gone(const std::error_code& error) {
  return error == std::errc::no_such_file_or_directory;
}

}  // namespace

std::optional<FileFacts> look_at_file(const fs::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return FileFacts{.bytes = static_cast<std::uint64_t>(status.st_size),
                   .modified_at = file_time(status.st_mtim.tv_sec, status.st_mtim.tv_nsec)};
}

tl::expected<std::unique_ptr<BlobWalk>, StoreError> FileBlobWalk::begin(const fs::path& uploads) {
  std::error_code error;
  fs::directory_iterator folder{uploads, error};
  if (error && !is_gone(error)) return cannot_list(uploads, error);
  return std::make_unique<FileBlobWalk>(std::move(folder));
}

tl::expected<std::optional<BlobEntry>, StoreError> FileBlobWalk::next() {
  while (true) {
    if (file_ == fs::directory_iterator{}) {
      const auto entered = enter_next_folder();
      if (!entered) return tl::unexpected{entered.error()};
      if (!*entered) return std::nullopt;
      continue;
    }
    const auto path = file_->path();
    std::error_code error;
    file_.increment(error);
    if (error && !is_gone(error)) return cannot_list(path.parent_path(), error);
    auto key = "uploads/" + path.parent_path().filename().string() + "/" + path.filename().string();
    if (!is_blob_key(key)) continue;
    if (const auto facts = look_at_file(path)) {
      return BlobEntry{
          .key = std::move(key), .bytes = facts->bytes, .modified_at = facts->modified_at};
    }
  }
}

tl::expected<bool, StoreError> FileBlobWalk::enter_next_folder() {
  if (folder_ == fs::directory_iterator{}) return false;
  const auto path = folder_->path();
  std::error_code error;
  folder_.increment(error);
  if (error && !is_gone(error)) return cannot_list(path.parent_path(), error);
  std::error_code ignored;
  if (!fs::is_directory(fs::symlink_status(path, ignored))) return true;
  file_ = fs::directory_iterator{path, error};
  if (error && !is_gone(error)) return cannot_list(path, error);
  return true;
}

}  // namespace darkroom::persistence
