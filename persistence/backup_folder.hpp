#pragma once

#include <filesystem>
#include <string>

#include <tl/expected.hpp>

#include "persistence/error.hpp"
#include "persistence/file_descriptor.hpp"

namespace darkroom::persistence {

/// The folder of a backup, held by one process that writes or by some that read. A file in it says
/// that it is one, and of which store; the folder holds besides
///
///   jobs/          backups of the job store, by RocksDB's BackupEngine
///   uploads/       blobs, as in the data folder
///   temporary/     blobs being copied
///   manifest.json  see BackupManifest
class BackupFolder {
 public:
  /// Makes the folder where it is missing. Refuses one that holds anything else, the backup of
  /// another store, that lies in `root`, or has `root` in it, and one that is being written to.
  [[nodiscard]] static tl::expected<BackupFolder, StoreError> open(
      const std::filesystem::path& folder, const std::filesystem::path& root,
      const std::string& identity);

  /// For reading, by any number of processes at once; no backup is made into it meanwhile.
  [[nodiscard]] static tl::expected<BackupFolder, StoreError> open_for_reading(
      const std::filesystem::path& folder);

  /// Whether one of the folders is the other one, or lies in it.
  [[nodiscard]] static bool overlap(const std::filesystem::path& one,
                                    const std::filesystem::path& other);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  BackupFolder(std::filesystem::path path, FileDescriptor sign)
      : path_(std::move(path)), sign_(std::move(sign)) {}

  std::filesystem::path path_;
  FileDescriptor sign_;  ///< Locked.
};

}  // namespace darkroom::persistence
