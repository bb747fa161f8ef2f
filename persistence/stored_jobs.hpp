#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "jobs/job.hpp"
#include "persistence/error.hpp"
#include "persistence/job_store.hpp"
#include "persistence/rocks_database.hpp"

namespace darkroom::persistence {

/// One record as it is stored.
struct StoredJob {
  jobs::JobId id;         ///< Nil where the record's key is none of a job.
  std::size_t bytes = 0;  ///< Of the record.
  /// The error says what is wrong with the record.
  tl::expected<jobs::Job, std::string> job;
};

/// What is wrong with an index, or with a record that is no job, in a sentence.
struct IndexFault {
  jobs::JobId id;
  std::string message;
};

/// The jobs of a store, or of a backup of one, as they were when it was opened; for reading only,
/// and beside a service that runs. Thread-safe.
class StoredJobs {
 public:
  /// `directory` is that of open_rocks_job_store(), which makes it where it is missing, and this
  /// does not.
  [[nodiscard]] static tl::expected<StoredJobs, StoreError> open(
      const std::filesystem::path& directory, const RocksOptions& options);

  /// Backup `id` of a job store in `folder`.
  [[nodiscard]] static tl::expected<StoredJobs, StoreError> open_backup(
      const std::filesystem::path& folder, std::uint32_t id, const RocksOptions& options);

  /// Calls `visit` for every record, in the order of their ids, until it says false.
  [[nodiscard]] tl::expected<void, StoreError> for_each(
      const std::function<bool(const StoredJob&)>& visit) const;

  /// nullopt where there is no record of that id.
  [[nodiscard]] tl::expected<std::optional<StoredJob>, StoreError> get(const jobs::JobId& id) const;

  /// Calls `visit` for each entry that an index lacks or has too much, and for each batch and
  /// delivery that cannot be read, until it says false. Leaves damaged records of jobs out.
  [[nodiscard]] tl::expected<void, StoreError> for_each_index_fault(
      const std::function<bool(const IndexFault&)>& visit) const;

  [[nodiscard]] const RocksDatabase& database() const { return *database_; }

 private:
  explicit StoredJobs(std::unique_ptr<RocksDatabase> database) : database_(std::move(database)) {}

  std::unique_ptr<RocksDatabase> database_;
};

}  // namespace darkroom::persistence
