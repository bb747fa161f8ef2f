#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "persistence/blob_folders.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/directories.hpp"
#include "persistence/file_blob_reader.hpp"
#include "persistence/file_blob_writer.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

tl::unexpected<StoreError> bad_key(std::string_view key) {
  return tl::unexpected{StoreError{.code = StoreErrorCode::bad_key,
                                   .message = "not a key of a blob: " + std::string{key}}};
}

struct FileFacts {
  std::uint64_t bytes = 0;
  jobs::Timestamp modified_at;
};

/// Nothing for what is not a regular file, or was removed meanwhile.
std::optional<FileFacts> look_at_file(const fs::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return FileFacts{.bytes = static_cast<std::uint64_t>(status.st_size),
                   .modified_at = file_time(status.st_mtim.tv_sec, status.st_mtim.tv_nsec)};
}

/// Calls `visit` with the path of each entry until it returns false. Returns whether to go on. A
/// folder that was removed meanwhile counts as empty.
tl::expected<bool, StoreError> walk(const fs::path& folder,
                                    const std::function<bool(const fs::path&)>& visit) {
  std::error_code error;
  for (fs::directory_iterator entry{folder, error}; !error && entry != fs::directory_iterator{};
       entry.increment(error)) {
    if (!visit(entry->path())) return false;
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return tl::unexpected{error_from_errno(error.value(), "cannot list " + folder.string())};
  }
  return true;
}

class FileBlobStore final : public BlobStore {
 public:
  explicit FileBlobStore(std::shared_ptr<BlobFolders> folders) : folders_(std::move(folders)) {}

  tl::expected<std::unique_ptr<BlobWriter>, StoreError> create() override {
    return FileBlobWriter::create(folders_);
  }

  tl::expected<std::unique_ptr<BlobReader>, StoreError> open(std::string_view key) const override {
    if (!is_blob_key(key)) return bad_key(key);
    return FileBlobReader::open(folders_->file_of(key));
  }

  // Not synced: a blob that comes back after a power cut is an orphan like any other, which the
  // janitor finds.
  tl::expected<void, StoreError> remove(std::string_view key) override {
    if (!is_blob_key(key)) return bad_key(key);
    const auto path = folders_->file_of(key);
    if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
    return tl::unexpected{error_from_errno(errno, "cannot remove " + path.string())};
  }

  tl::expected<void, StoreError> for_each(
      const std::function<bool(const BlobEntry&)>& visit) const override {
    std::optional<StoreError> failure;
    const auto visit_file = [&](const fs::path& file) {
      auto key =
          "uploads/" + file.parent_path().filename().string() + "/" + file.filename().string();
      if (!is_blob_key(key)) return true;
      const auto facts = look_at_file(file);
      return !facts ||
             visit(
                 {.key = std::move(key), .bytes = facts->bytes, .modified_at = facts->modified_at});
    };
    const auto visit_folder = [&](const fs::path& folder) {
      std::error_code ignored;
      if (!fs::is_directory(fs::symlink_status(folder, ignored))) return true;
      const auto walked = walk(folder, visit_file);
      if (!walked) failure = walked.error();
      return walked.value_or(false);
    };
    const auto walked = walk(folders_->uploads(), visit_folder);
    if (!walked) return tl::unexpected{walked.error()};
    if (failure) return tl::unexpected{*failure};
    return {};
  }

  tl::expected<std::size_t, StoreError> remove_stale_temporaries(jobs::Timestamp before) override {
    std::size_t removed = 0;
    std::optional<StoreError> failure;
    const auto walked = walk(folders_->temporary(), [&](const fs::path& file) {
      const auto facts = look_at_file(file);
      if (!facts || facts->modified_at >= before) return true;
      if (::unlink(file.c_str()) == 0) {
        ++removed;
      } else if (errno != ENOENT) {
        failure = error_from_errno(errno, "cannot remove " + file.string());
      }
      return !failure;
    });
    if (!walked) return tl::unexpected{walked.error()};
    if (failure) return tl::unexpected{*failure};
    return removed;
  }

  tl::expected<fs::path, StoreError> local_path(std::string_view key) const override {
    if (!is_blob_key(key)) return bad_key(key);
    return folders_->file_of(key);
  }

 private:
  std::shared_ptr<BlobFolders> folders_;
};

tl::expected<void, StoreError> make_folders(BlobFolders& folders) {
  if (auto made = make_directories(folders.temporary()); !made) return made;
  if (auto made = make_directories(folders.uploads()); !made) return made;
  for (const auto* name : {"originals", "resized", "compressed", "thumbnails"}) {
    if (auto made = folders.ensure(name); !made) return made;
  }
  return {};
}

}  // namespace

tl::expected<std::unique_ptr<BlobStore>, StoreError> open_file_blob_store(const fs::path& root) {
  std::error_code error;
  const auto absolute = fs::absolute(root, error);
  if (error) {
    return tl::unexpected{error_from_errno(error.value(), "cannot resolve " + root.string())};
  }
  auto folders = std::make_shared<BlobFolders>(absolute);
  if (auto made = make_folders(*folders); !made) return tl::unexpected{made.error()};
  auto store = std::make_unique<FileBlobStore>(std::move(folders));
  // A folder that exists may still refuse files: say so at start, not at the first upload.
  if (auto probe = store->create(); !probe) return tl::unexpected{probe.error()};
  return store;
}

}  // namespace darkroom::persistence
