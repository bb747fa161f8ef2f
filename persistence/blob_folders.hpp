#pragma once

#include <cstdint>
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
  BlobFolders(const std::filesystem::path& root, std::uint64_t reserve_bytes)
      : temporary_(root / "temporary"), uploads_(root / "uploads"), reserve_bytes_(reserve_bytes) {}

  [[nodiscard]] const std::filesystem::path& temporary() const { return temporary_; }
  [[nodiscard]] const std::filesystem::path& uploads() const { return uploads_; }

  /// The file of a key that is_blob_key() accepts.
  [[nodiscard]] std::filesystem::path file_of(std::string_view key) const;

  /// Refuses (no_space) while the disk has less free than the reserve.
  [[nodiscard]] tl::expected<void, StoreError> check_room() const;

  /// Makes the folder `name` below uploads, where missing, and makes its existence durable.
  [[nodiscard]] tl::expected<void, StoreError> ensure(const std::string& name);

  /// As ensure(), for a folder that is suspected to have been removed since.
  [[nodiscard]] tl::expected<void, StoreError> ensure_again(const std::string& name);

 private:
  std::filesystem::path temporary_;
  std::filesystem::path uploads_;
  std::uint64_t reserve_bytes_;
  std::mutex mutex_;
  std::set<std::string> durable_;  ///< Known to exist and to survive a power cut.
};

}  // namespace darkroom::persistence
