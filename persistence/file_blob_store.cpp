#include <cerrno>

#include <unistd.h>

#include "persistence/blob_folders.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/blob_temporaries.hpp"
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

class FileBlobStore final : public BlobStore {
 public:
  explicit FileBlobStore(std::shared_ptr<BlobFolders> folders)
      : folders_(std::move(folders)), temporaries_(folders_) {}

  tl::expected<std::unique_ptr<BlobWriter>, StoreError> create() override {
    return temporaries_.create();
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

  tl::expected<void, StoreError> check_writable() override { return temporaries_.check_writable(); }

  tl::expected<std::size_t, StoreError> remove_stale_temporaries(jobs::Timestamp before) override {
    return temporaries_.remove_stale(before);
  }

  tl::expected<fs::path, StoreError> local_path(std::string_view key) const override {
    if (!is_blob_key(key)) return bad_key(key);
    return folders_->file_of(key);
  }

 private:
  std::shared_ptr<BlobFolders> folders_;
  BlobTemporaries temporaries_;
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
