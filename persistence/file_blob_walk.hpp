#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "persistence/blob_store.hpp"

namespace darkroom::persistence {

struct FileFacts {
  std::uint64_t bytes = 0;
  jobs::Timestamp modified_at;
};

/// Nothing for what is not a regular file, or was removed meanwhile. Follows no link.
[[nodiscard]] std::optional<FileFacts> look_at_file(const std::filesystem::path& path);

/// Walks over the files of the folders below root/uploads. What disappears meanwhile is left out.
class FileBlobWalk final : public BlobWalk {
 public:
  [[nodiscard]] static tl::expected<std::unique_ptr<BlobWalk>, StoreError> begin(
      const std::filesystem::path& uploads);

  explicit FileBlobWalk(std::filesystem::directory_iterator folder) : folder_(std::move(folder)) {}

  [[nodiscard]] tl::expected<std::optional<BlobEntry>, StoreError> next() override;

 private:
  /// Goes to the next folder, from the first one on; false where there is none.
  [[nodiscard]] tl::expected<bool, StoreError> enter_next_folder();

  std::filesystem::directory_iterator folder_;  ///< The next one to enter.
  std::filesystem::directory_iterator file_;
};

}  // namespace darkroom::persistence
