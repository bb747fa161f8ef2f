#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "jobs/timestamp.hpp"
#include "persistence/error.hpp"

namespace darkroom::persistence {

/// True for keys of the form "uploads/<folder>/<file>": lower-case letters, digits, '-', '_' and
/// '.' only, no part starting with a dot. Everything else, path tricks included, is no key.
[[nodiscard]] bool is_blob_key(std::string_view key);

/// A blob being written: a temporary file that nobody sees until it is committed. Destroying the
/// writer without commit removes the file. Not thread-safe.
class BlobWriter {
 public:
  virtual ~BlobWriter() = default;

  /// Appends, and takes the bytes into the SHA-256. Memory used does not grow with the blob.
  [[nodiscard]] virtual tl::expected<void, StoreError> write(std::span<const std::byte> bytes) = 0;

  /// Bytes written so far.
  [[nodiscard]] virtual std::uint64_t size() const = 0;

  /// Ends the writing: flushes to the temporary file and returns the SHA-256 as 64 lower-case hex
  /// digits. After it path() may be read; write() may not be called any more.
  [[nodiscard]] virtual tl::expected<std::string, StoreError> finish() = 0;

  /// The temporary file, complete once finish() has succeeded.
  [[nodiscard]] virtual const std::filesystem::path& path() const = 0;

  /// Makes the blob durable and visible under `key`, atomically, in place of any blob of that key:
  /// fsync of the file, rename, fsync of its folder. Call after finish().
  [[nodiscard]] virtual tl::expected<void, StoreError> commit(std::string_view key) = 0;
};

/// An open blob. It stays readable when the blob is removed meanwhile. Thread-safe.
class BlobReader {
 public:
  virtual ~BlobReader() = default;

  [[nodiscard]] virtual std::uint64_t size() const = 0;
  [[nodiscard]] virtual jobs::Timestamp modified_at() const = 0;

  /// Reads up to out.size() bytes from `offset`; returns how many, 0 at the end.
  [[nodiscard]] virtual tl::expected<std::size_t, StoreError> read_at(
      std::uint64_t offset, std::span<std::byte> out) const = 0;
};

/// What a listing says of one blob.
struct BlobEntry {
  std::string key;
  std::uint64_t bytes = 0;
  jobs::Timestamp modified_at;
};

/// A walk over all blobs, in no order, at the pace of whoever makes it. Blobs that come or go
/// meanwhile may be in it or not. Not thread-safe.
class BlobWalk {
 public:
  virtual ~BlobWalk() = default;

  /// Nothing after the last one. After an error the walk is over.
  [[nodiscard]] virtual tl::expected<std::optional<BlobEntry>, StoreError> next() = 0;
};

/// Originals and renditions by key. Thread-safe; errors are values.
class BlobStore {
 public:
  virtual ~BlobStore() = default;

  [[nodiscard]] virtual tl::expected<std::unique_ptr<BlobWriter>, StoreError> create() = 0;

  [[nodiscard]] virtual tl::expected<std::unique_ptr<BlobReader>, StoreError> open(
      std::string_view key) const = 0;

  /// Removes the blob; one that is not there is no error, so that removing twice is harmless.
  [[nodiscard]] virtual tl::expected<void, StoreError> remove(std::string_view key) = 0;

  /// Begins a walk over all blobs, which the store must outlive.
  [[nodiscard]] virtual tl::expected<std::unique_ptr<BlobWalk>, StoreError> walk() const = 0;

  /// Whether a blob could be made durable now: writes and syncs some KiB, and removes them again.
  [[nodiscard]] virtual tl::expected<void, StoreError> check_writable() = 0;

  /// Removes temporary files last written before `before` (their writers died); returns how many.
  [[nodiscard]] virtual tl::expected<std::size_t, StoreError> remove_stale_temporaries(
      jobs::Timestamp before) = 0;

  /// Where the blob's bytes are on this machine's disk, for readers that map or decode a whole
  /// file; the file may not exist.
  [[nodiscard]] virtual tl::expected<std::filesystem::path, StoreError> local_path(
      std::string_view key) const = 0;
};

/// Blobs as files below `root`: root/uploads/originals, resized, compressed, thumbnails and any
/// other folder on demand; temporaries in root/temporary, on the same file system so that renaming
/// is atomic. Creates what is missing.
///
/// `reserve_bytes` of the disk are left to others, the job store above all: while less is free,
/// create() and write() fail with no_space.
[[nodiscard]] tl::expected<std::unique_ptr<BlobStore>, StoreError> open_file_blob_store(
    const std::filesystem::path& root, std::uint64_t reserve_bytes = 0);

}  // namespace darkroom::persistence
