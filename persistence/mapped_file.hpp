#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include <tl/expected.hpp>

#include "persistence/error.hpp"
#include "persistence/file_descriptor.hpp"

namespace darkroom::persistence {

/// A whole file mapped read-only into memory: its bytes cost page cache, not heap. The file must
/// not be shortened while it is mapped; ours never are, they are replaced by renaming.
class MappedFile {
 public:
  [[nodiscard]] static tl::expected<MappedFile, StoreError> open(const std::filesystem::path& path);

  /// The same of an open file, which may have no name any more and may be closed after it.
  [[nodiscard]] static tl::expected<MappedFile, StoreError> map(const FileDescriptor& file);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  /// Empty for an empty file.
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::span<const std::byte> bytes_;
};

}  // namespace darkroom::persistence
