#pragma once

#include <filesystem>
#include <memory>

#include "persistence/blob_store.hpp"
#include "persistence/file_descriptor.hpp"

namespace darkroom::persistence {

/// The file's time of last change, cut to milliseconds. `seconds` and `nanoseconds` are those of
/// struct stat.
[[nodiscard]] jobs::Timestamp file_time(std::int64_t seconds, std::int64_t nanoseconds);

/// Reads a blob from its open file, which keeps the bytes alive when the name is removed.
class FileBlobReader final : public BlobReader {
 public:
  /// Never follows a symbolic link at `path`; not_found for one, as for anything but a file.
  [[nodiscard]] static tl::expected<std::unique_ptr<FileBlobReader>, StoreError> open(
      const std::filesystem::path& path);

  FileBlobReader(FileDescriptor file, std::uint64_t size, jobs::Timestamp modified_at)
      : file_(std::move(file)), size_(size), modified_at_(modified_at) {}

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] jobs::Timestamp modified_at() const override { return modified_at_; }
  [[nodiscard]] tl::expected<std::size_t, StoreError> read_at(
      std::uint64_t offset, std::span<std::byte> out) const override;

 private:
  FileDescriptor file_;
  std::uint64_t size_;
  jobs::Timestamp modified_at_;
};

}  // namespace darkroom::persistence
