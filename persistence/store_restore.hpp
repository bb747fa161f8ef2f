#pragma once

#include <cstdint>
#include <filesystem>

#include <tl/expected.hpp>

#include "persistence/backup_manifest.hpp"
#include "persistence/error.hpp"
#include "persistence/job_store.hpp"
#include "persistence/store_backup.hpp"

namespace darkroom::persistence {

struct RestoreSummary {
  BackupManifest manifest;
  std::uint64_t files_linked = 0;
  std::uint64_t files_copied = 0;
  std::uint64_t bytes_copied = 0;
  std::chrono::milliseconds duration{0};
};

/// Fills the data folder `root`, which must be missing or empty, from the backup in `source`: first
/// looks whether the backup is whole and the disk has room, then restores, synced. While it does,
/// a marker lies in `root`, which check_restored() refuses. A restore that was cut off may be begun
/// again, and starts over.
[[nodiscard]] tl::expected<RestoreSummary, StoreError> restore_store(
    const std::filesystem::path& root, const std::filesystem::path& source,
    const RocksOptions& options, const BackupWatch& watch);

/// Refuses a data folder that a restore has not filled to the end. Whoever opens the job store asks
/// before, so as not to make anything in there, and after: then the store's lock, or the marker,
/// has kept the other one out.
[[nodiscard]] tl::expected<void, StoreError> check_restored(const std::filesystem::path& root);

}  // namespace darkroom::persistence
