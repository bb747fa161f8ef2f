#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include <tl/expected.hpp>

#include "jobs/job_id.hpp"
#include "persistence/error.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::persistence {

/// What verify_store() compares.
enum class VerifyPhase : std::uint8_t {
  jobs,     ///< Each record, and the files that it describes.
  indexes,  ///< The indexes with the records.
  orphans,  ///< Files with the records that should know them.
};

[[nodiscard]] std::string_view to_string(VerifyPhase phase);

/// Damage that was found.
struct VerifyFault {
  jobs::JobId id;       ///< Nil where it cannot be told.
  std::string key;      ///< Of the blob; empty for damage to a record or an index.
  std::string message;  ///< What is wrong.
};

struct VerifyReport {
  VerifyPhase phase = VerifyPhase::jobs;
  std::uint64_t jobs = 0;   ///< Records read.
  std::uint64_t blobs = 0;  ///< Files read to their end.
  std::uint64_t blob_bytes = 0;
  std::uint64_t faults = 0;
  /// Files that no job knows, of no harm: the janitor removes them.
  std::uint64_t orphans = 0;
  std::uint64_t orphan_bytes = 0;
};

/// Called on the thread that verifies.
struct VerifyWatch {
  std::function<void(const VerifyFault&)> fault = [](const VerifyFault&) {};
  std::function<void(const VerifyReport&)> progress = [](const VerifyReport&) {};
};

/// Reads the whole store below `root`: every record, every index entry, and every original and
/// finished rendition, whose size and SHA-256 are compared with the record. Writes nothing and
/// works beside a running service: what seems wrong is looked up again in the store as it is then,
/// so a job that is deleted meanwhile is no damage. Takes memory for some hundred suspects, however
/// large the store is. The error is that it cannot be read at all.
[[nodiscard]] tl::expected<VerifyReport, StoreError> verify_store(const std::filesystem::path& root,
                                                                  const RocksOptions& options,
                                                                  const VerifyWatch& watch);

}  // namespace darkroom::persistence
