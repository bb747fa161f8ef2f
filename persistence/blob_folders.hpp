#pragma once

#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "persistence/error.hpp"

namespace darkroom::persistence {

/// The folders of the file blob store: root/temporary and root/uploads/<folder>. Thread-safe.
class BlobFolders {
 public:
  explicit BlobFolders(const std::filesystem::path& root)
      : temporary_(root / "temporary"), uploads_(root / "uploads") {}

  [[nodiscard]] const std::filesystem::path& temporary() const { return temporary_; }
  [[nodiscard]] const std::filesystem::path& uploads() const { return uploads_; }

  /// The file of a key that is_blob_key() accepts.
  [[nodiscard]] std::filesystem::path file_of(std::string_view key) const;

  /// Makes the folder `name` below uploads, where missing, and makes its existence durable.
  [[nodiscard]] tl::expected<void, StoreError> ensure(const std::string& name);

  /// As ensure(), for a folder that is suspected to have been removed since.
  [[nodiscard]] tl::expected<void, StoreError> ensure_again(const std::string& name);

 private:
  std::filesystem::path temporary_;
  std::filesystem::path uploads_;
  std::mutex mutex_;
  std::set<std::string> durable_;  ///< Known to exist and to survive a power cut.
};

}  // namespace darkroom::persistence
