#include "persistence/remote_blob_store.hpp"

#include <utility>

#include <fcntl.h>

#include "persistence/blob_temporaries.hpp"
#include "persistence/directories.hpp"
#include "persistence/remote_blob_reader.hpp"

namespace darkroom::persistence {
namespace {

tl::unexpected<StoreError> refused(StoreErrorCode code, std::string message) {
  return tl::unexpected{StoreError{.code = code, .message = std::move(message)}};
}

tl::unexpected<StoreError> bad_key(std::string_view key) {
  return refused(StoreErrorCode::bad_key, "not a key of a blob: " + std::string{key});
}

/// A temporary file here until it is committed, and a blob there afterwards. The file goes with
/// this object.
class RemoteBlobWriter final : public BlobWriter {
 public:
  RemoteBlobWriter(std::shared_ptr<RemoteBlobs> blobs, std::unique_ptr<FileBlobWriter> file)
      : blobs_(std::move(blobs)), file_(std::move(file)) {}

  tl::expected<void, StoreError> write(std::span<const std::byte> bytes) override {
    return file_->write(bytes);
  }

  [[nodiscard]] std::uint64_t size() const override { return file_->size(); }

  tl::expected<std::string, StoreError> finish() override {
    auto sha256 = file_->finish();
    if (sha256) sha256_ = *sha256;
    return sha256;
  }

  [[nodiscard]] const std::filesystem::path& path() const override { return file_->path(); }

  tl::expected<void, StoreError> commit(std::string_view key) override {
    if (!is_blob_key(key)) return bad_key(key);
    if (committed_) return refused(StoreErrorCode::unwritable, "a blob was committed twice");
    if (sha256_.empty()) {
      return refused(StoreErrorCode::unwritable, "a blob was committed before it was finished");
    }
    const auto file = FileDescriptor::open(path(), O_RDONLY | O_NOFOLLOW);
    if (!file) {
      auto error = file.error();
      // The temporary file was taken away: not a blob that is not there.
      if (error.code == StoreErrorCode::not_found) error.code = StoreErrorCode::unwritable;
      return tl::unexpected{std::move(error)};
    }
    const auto url = blobs_->urls(BlobMethod::put, key, size());
    if (!url) return tl::unexpected{url.error()};
    const auto sent = blobs_->transfers.with(
        [&](BlobTransfer& transfer) { return transfer.upload(*url, *file, size(), sha256_); });
    if (!sent) {
      auto error = to_store_error(sent.error());
      if (error.code == StoreErrorCode::not_found) error.code = StoreErrorCode::unwritable;
      return tl::unexpected{std::move(error)};
    }
    committed_ = true;
    return {};
  }

 private:
  std::shared_ptr<RemoteBlobs> blobs_;
  std::unique_ptr<FileBlobWriter> file_;
  std::string sha256_;  ///< Empty until finished.
  bool committed_ = false;
};

class RemoteBlobStore final : public BlobStore {
 public:
  RemoteBlobStore(std::shared_ptr<RemoteBlobs> blobs, std::shared_ptr<BlobFolders> folders)
      : blobs_(std::move(blobs)), temporaries_(std::move(folders)) {}

  tl::expected<std::unique_ptr<BlobWriter>, StoreError> create() override {
    auto file = temporaries_.create();
    if (!file) return tl::unexpected{std::move(file.error())};
    return std::make_unique<RemoteBlobWriter>(blobs_, std::move(*file));
  }

  tl::expected<std::unique_ptr<BlobReader>, StoreError> open(std::string_view key) const override {
    if (!is_blob_key(key)) return bad_key(key);
    return RemoteBlobReader::open(blobs_, key);
  }

  tl::expected<void, StoreError> remove(std::string_view key) override {
    if (!is_blob_key(key)) return bad_key(key);
    const auto url = blobs_->urls(BlobMethod::remove, key, 0);
    if (!url) return tl::unexpected{url.error()};
    const auto removed =
        blobs_->transfers.with([&](BlobTransfer& transfer) { return transfer.remove(*url); });
    if (!removed) return tl::unexpected{to_store_error(removed.error())};
    return {};
  }

  tl::expected<std::unique_ptr<BlobWalk>, StoreError> walk() const override {
    return refused(StoreErrorCode::unwritable,
                   "the files are on another node; they can be listed there only");
  }

  tl::expected<void, StoreError> check_writable() override { return temporaries_.check_writable(); }

  tl::expected<std::size_t, StoreError> remove_stale_temporaries(jobs::Timestamp before) override {
    return temporaries_.remove_stale(before);
  }

  tl::expected<std::filesystem::path, StoreError> local_path(std::string_view key) const override {
    if (!is_blob_key(key)) return bad_key(key);
    return refused(StoreErrorCode::unwritable,
                   std::string{key} + " is on another node, and has no path here");
  }

 private:
  std::shared_ptr<RemoteBlobs> blobs_;
  BlobTemporaries temporaries_;
};

}  // namespace

tl::expected<std::unique_ptr<BlobStore>, StoreError> open_remote_blob_store(
    RemoteBlobStoreOptions options) {
  auto folders = std::make_shared<BlobFolders>(options.folder, options.reserve_bytes);
  if (auto made = make_directories(folders->temporary()); !made) {
    return tl::unexpected{std::move(made.error())};
  }
  // A folder that exists may still refuse files: say so at start, not at the first upload.
  if (auto probe = FileBlobWriter::create(folders); !probe) return tl::unexpected{probe.error()};
  auto blobs =
      std::make_shared<RemoteBlobs>(options.transfer, options.port, std::move(options.urls));
  return std::make_unique<RemoteBlobStore>(std::move(blobs), std::move(folders));
}

}  // namespace darkroom::persistence
