#pragma once

#include <cstddef>
#include <memory>

#include <tl/expected.hpp>

#include "jobs/timestamp.hpp"
#include "persistence/blob_folders.hpp"
#include "persistence/file_blob_writer.hpp"

namespace darkroom::persistence {

/// The temporary files that blobs are written to before they have a key. Thread-safe.
class BlobTemporaries {
 public:
  explicit BlobTemporaries(std::shared_ptr<BlobFolders> folders) : folders_(std::move(folders)) {}

  /// no_space while the disk has less free than the reserve.
  [[nodiscard]] tl::expected<std::unique_ptr<FileBlobWriter>, StoreError> create() const;

  /// As BlobStore::check_writable().
  [[nodiscard]] tl::expected<void, StoreError> check_writable() const;

  /// Removes those last written before `before`; returns how many.
  [[nodiscard]] tl::expected<std::size_t, StoreError> remove_stale(jobs::Timestamp before) const;

 private:
  std::shared_ptr<BlobFolders> folders_;
};

}  // namespace darkroom::persistence
