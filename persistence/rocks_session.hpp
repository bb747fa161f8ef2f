#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include <tl/expected.hpp>

#include "persistence/error.hpp"
#include "persistence/job_store.hpp"
#include "persistence/rocks_database.hpp"

namespace darkroom::persistence {

/// The store's RocksDB over failed writes.
///
/// A RocksDB that has failed to write its log must not be written to again: it may never recover
/// (facebook/rocksdb issues 11643 and 12998), and as Debian builds it, with assertions, the next
/// write can end the process. So after a failed write nothing is written until the disk is seen to
/// take data again; then the database is closed and opened anew, within a second or so of the cause
/// being gone. Until then it stays open for reading.
///
/// Reading is thread-safe; one thread at a time may write.
class RocksSession {
 public:
  using Database = std::shared_ptr<const RocksDatabase>;

  /// As open_rocks_job_store().
  [[nodiscard]] static tl::expected<std::unique_ptr<RocksSession>, StoreError> open(
      const std::filesystem::path& directory, const RocksOptions& options, const Report& report);

  RocksSession(std::filesystem::path directory, const RocksOptions& options, Database database);

  /// For reading; the error is why it could not be opened again.
  [[nodiscard]] tl::expected<Database, StoreError> for_reading() const;

  /// What is done to a database that was opened again before anybody else sees it.
  using Mend = std::function<tl::expected<void, StoreError>(const RocksDatabase& opened)>;

  /// For writing. While an earlier failure lasts: that, or what the latest look at the disk said.
  [[nodiscard]] tl::expected<Database, StoreError> for_writing(const Mend& mend);

  /// A write has failed.
  void note_failure(StoreError error);

  /// From a failed write until the database is open anew. Whoever reads for long should end it
  /// then, because a database that is being read is not closed.
  [[nodiscard]] bool is_failing() const { return failing_; }

  [[nodiscard]] const RocksOptions& options() const { return options_; }

 private:
  [[nodiscard]] tl::expected<Database, StoreError> open_again(const Mend& mend);

  std::filesystem::path directory_;
  RocksOptions options_;
  mutable std::mutex mutex_;  ///< Guards database_ alone; the rest is the writer's.
  Database database_;         ///< Null where opening it again has failed.
  std::optional<StoreError> failure_;
  std::atomic<bool> failing_ = false;  ///< Whether there is a failure_, for all threads.
  std::chrono::steady_clock::time_point next_try_;
  std::chrono::seconds interval_{1};  ///< Between tries; grows while the store is damaged.
};

}  // namespace darkroom::persistence
