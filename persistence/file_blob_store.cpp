#include <cerrno>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "jobs/random.hpp"
#include "persistence/blob_folders.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/directories.hpp"
#include "persistence/file_blob_reader.hpp"
#include "persistence/file_blob_walk.hpp"
#include "persistence/file_blob_writer.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

tl::unexpected<StoreError> bad_key(std::string_view key) {
  return tl::unexpected{StoreError{.code = StoreErrorCode::bad_key,
                                   .message = "not a key of a blob: " + std::string{key}}};
}

/// Calls `visit` with the path of each entry until it returns false. A folder that was removed
/// meanwhile counts as empty.
tl::expected<void, StoreError> walk_folder(const fs::path& folder,
                                           const std::function<bool(const fs::path&)>& visit) {
  std::error_code error;
  for (fs::directory_iterator entry{folder, error}; !error && entry != fs::directory_iterator{};
       entry.increment(error)) {
    if (!visit(entry->path())) return {};
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return tl::unexpected{error_from_errno(error.value(), "cannot list " + folder.string())};
  }
  return {};
}

class FileBlobStore final : public BlobStore {
 public:
  explicit FileBlobStore(std::shared_ptr<BlobFolders> folders) : folders_(std::move(folders)) {}

  tl::expected<std::unique_ptr<BlobWriter>, StoreError> create() override {
    if (auto room = folders_->check_room(); !room) return tl::unexpected{room.error()};
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

  tl::expected<std::unique_ptr<BlobWalk>, StoreError> walk() const override {
    return FileBlobWalk::begin(folders_->uploads());
  }

  tl::expected<void, StoreError> check_writable() override {
    // More than a disk that is all but full has left in blocks begun, and nothing that a file
    // system could compress away.
    std::vector<std::uint8_t> bytes(std::size_t{64} << 10U);
    jobs::fill_random(bytes);
    auto writer = FileBlobWriter::create(folders_);
    if (!writer) return tl::unexpected{writer.error()};
    if (auto written = (*writer)->write(std::as_bytes(std::span{bytes})); !written) return written;
    if (auto finished = (*writer)->finish(); !finished) return tl::unexpected{finished.error()};
    return (*writer)->sync();
  }

  tl::expected<std::size_t, StoreError> remove_stale_temporaries(jobs::Timestamp before) override {
    std::size_t removed = 0;
    std::optional<StoreError> failure;
    const auto walked = walk_folder(folders_->temporary(), [&](const fs::path& file) {
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

tl::expected<std::unique_ptr<BlobStore>, StoreError> open_file_blob_store(
    const fs::path& root, std::uint64_t reserve_bytes) {
  std::error_code error;
  const auto absolute = fs::absolute(root, error);
  if (error) {
    return tl::unexpected{error_from_errno(error.value(), "cannot resolve " + root.string())};
  }
  if (auto made = make_directories(absolute); !made) return tl::unexpected{made.error()};
  auto folders = std::make_shared<BlobFolders>(absolute, reserve_bytes);
  if (auto made = make_folders(*folders); !made) return tl::unexpected{made.error()};
  // A folder that exists may still refuse files: say so at start, not at the first upload. A disk
  // that has less than the reserve is no reason not to start.
  if (auto probe = FileBlobWriter::create(folders); !probe) return tl::unexpected{probe.error()};
  return std::make_unique<FileBlobStore>(std::move(folders));
}

}  // namespace darkroom::persistence
