#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <tl/expected.hpp>

#include "jobs/timestamp.hpp"
#include "persistence/error.hpp"

namespace darkroom::persistence {

/// What a backup says of itself, in DIR/manifest.json. It is written last, so a backup that was cut
/// off has none, or still the one of the backup before, all of whose files are still there.
struct BackupManifest {
  static constexpr std::uint32_t format = 1;  ///< Of the folder; a higher one is refused.
  static constexpr const char* file_name = "manifest.json";

  std::string version;  ///< Of the Darkroom that made it.
  jobs::Timestamp made_at;
  std::uint32_t backup_id = 0;  ///< Of the job store, see JobStoreBackup.
  std::uint64_t job_store_bytes = 0;
  std::uint64_t jobs = 0;
  std::uint64_t damaged_records = 0;  ///< Backed up as they are.
  /// Originals and finished renditions of those jobs, and those that could not be had, or not in
  /// the size that the job's record says.
  std::uint64_t blobs = 0;
  std::uint64_t blob_bytes = 0;
  std::uint64_t missing_blobs = 0;
};

/// Replaces the manifest in `folder` in one durable step.
[[nodiscard]] tl::expected<void, StoreError> write_manifest(const std::filesystem::path& folder,
                                                            const BackupManifest& manifest);

/// The error says that `folder` holds no backup, none that is whole, or one of a newer version.
[[nodiscard]] tl::expected<BackupManifest, StoreError> read_manifest(
    const std::filesystem::path& folder);

}  // namespace darkroom::persistence
