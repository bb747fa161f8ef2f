#pragma once

#include <cstdint>
#include <filesystem>

#include <tl/expected.hpp>

#include "persistence/error.hpp"
#include "persistence/job_store.hpp"
#include "persistence/rocks_database.hpp"

namespace darkroom::persistence {

/// Adds a backup of the database as it is at one moment to `folder`, by RocksDB's BackupEngine:
/// table files that an earlier backup has are shared with it. Synced. The database may be written
/// to meanwhile. Stops, with an error, once `goes_on` says false.
[[nodiscard]] tl::expected<JobStoreBackup, StoreError> back_up_database(
    const RocksDatabase& database, const std::filesystem::path& folder, const GoesOn& goes_on);

/// Removes all backups in `folder` but the newest.
[[nodiscard]] tl::expected<void, StoreError> purge_older_backups(
    const std::filesystem::path& folder);

/// Reads every file of backup `id` and compares it with its checksum.
[[nodiscard]] tl::expected<JobStoreBackup, StoreError> check_backup(
    const std::filesystem::path& folder, std::uint32_t id);

/// Makes the database of backup `id` in `directory`, synced. What is in there is lost.
[[nodiscard]] tl::expected<void, StoreError> restore_database(
    const std::filesystem::path& folder, std::uint32_t id, const std::filesystem::path& directory);

/// What RocksDB calls the database in `directory`, its own and no other's; empty where it cannot
/// be read.
[[nodiscard]] std::string database_identity(const std::filesystem::path& directory);

}  // namespace darkroom::persistence
