#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include <tl/expected.hpp>

#include "persistence/backup_manifest.hpp"
#include "persistence/error.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::persistence {

/// What a backup is at.
enum class BackupPhase : std::uint8_t {
  files,     ///< Brings all blobs there are.
  jobs,      ///< Backs the job store up.
  checking,  ///< Brings the blobs of backed up jobs that came meanwhile.
  tidying,   ///< The backup is whole; removes what the one before had and this one has not.
};

[[nodiscard]] std::string_view to_string(BackupPhase phase);

struct BackupProgress {
  BackupPhase phase = BackupPhase::files;
  std::uint64_t files = 0;         ///< Looked at in this phase.
  std::uint64_t copied_bytes = 0;  ///< Of blobs, in all.
};

struct BackupSummary {
  BackupManifest manifest;
  std::uint64_t files_linked = 0;
  std::uint64_t files_copied = 0;
  std::uint64_t bytes_copied = 0;
  std::uint64_t files_removed = 0;  ///< Of jobs that are no more.
  /// Of manifest.missing_blobs: those of jobs that were deleted while the backup was made.
  std::uint64_t deleted_meanwhile = 0;
  std::string untidy;  ///< Why the one before could not be removed; empty: it was.
  std::chrono::milliseconds duration{0};
};

struct BackupOrder {
  std::filesystem::path root;    ///< The data folder: storage.path.
  std::filesystem::path target;  ///< See BackupFolder.
  RocksOptions options;          ///< For reading the backup.
  std::string version;           ///< Of the program, for the manifest.
};

/// Called on the thread that makes the backup.
struct BackupWatch {
  GoesOn goes_on = [] { return true; };
  std::function<void(const BackupProgress&)> report = [](const BackupProgress&) {};
};

/// Backs up the job store and the blobs of its jobs, while both are in use. First come the blobs,
/// then the job store as it is at one moment, then the blobs that its jobs have beyond the first
/// ones; so each job of the backup has its blobs. Last comes the manifest: cut off before it, the
/// target holds the backup that it held before, or none.
[[nodiscard]] tl::expected<BackupSummary, StoreError> back_up_store(const JobStore& jobs,
                                                                    const BackupOrder& order,
                                                                    const BackupWatch& watch);

}  // namespace darkroom::persistence
