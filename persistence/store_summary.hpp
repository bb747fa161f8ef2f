#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "jobs/job.hpp"
#include "persistence/error.hpp"
#include "persistence/stored_jobs.hpp"

namespace darkroom::persistence {

/// What there is in a store, by reading every record.
struct StoreSummary {
  static constexpr std::size_t most_damaged = 20;

  std::string schema;           ///< Of the column families and keys; see RocksDatabase.
  std::string rocksdb_version;  ///< Of the library that reads it now.
  std::uint64_t jobs = 0;       ///< Damaged records not counted.
  std::array<std::uint64_t, jobs::job_statuses> by_status{};  ///< In the order of JobStatus.
  std::uint64_t record_bytes = 0;
  /// The unfinished job that was created first.
  std::optional<jobs::Job> oldest_unfinished;
  std::uint64_t damaged = 0;
  std::vector<StoredJob> damaged_records;  ///< The first most_damaged of them.
};

[[nodiscard]] tl::expected<StoreSummary, StoreError> summarise(const StoredJobs& stored);

}  // namespace darkroom::persistence
