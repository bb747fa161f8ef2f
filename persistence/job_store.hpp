#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "jobs/batch.hpp"
#include "jobs/delivery.hpp"
#include "jobs/shared_job.hpp"
#include "persistence/error.hpp"
#include "persistence/job_filter.hpp"

namespace darkroom::persistence {

/// One job before and after a change. The indexes that change with it follow from the two.
struct JobChange {
  jobs::SharedJob before;  ///< As the store has it now; none: the job is new.
  jobs::SharedJob after;   ///< None: the job is removed. Not both none.
  /// Of the change: that of `after`, and of a removal the one that it would have had. Not stored.
  std::uint64_t revision = 0;
};

/// What the store keeps besides jobs.
enum class Record : std::uint8_t { batch, delivery };

/// One of those before and after a change, packed; see packed_batch.hpp and packed_delivery.hpp.
struct RecordChange {
  Record kind = Record::batch;
  jobs::JobId id;
  std::optional<std::string> before = {};  ///< As the store has it now; none: it is new.
  std::optional<std::string> after = {};   ///< None: it is removed.
};

/// What is written in one atomic step.
struct WriteSet {
  std::vector<JobChange> jobs = {};
  std::vector<RecordChange> records = {};

  [[nodiscard]] bool empty() const { return jobs.empty() && records.empty(); }
};

/// A record, or an index entry, that names this job and makes no sense. It stays in the store, so
/// that it can be looked at; `message` says what is wrong and what to do.
struct DamagedRecord {
  jobs::JobId id;
  std::string message;
};

/// What a walk over an index found, besides the jobs.
using Damage = std::vector<DamagedRecord>;

/// Jobs of an index, and records among them that cannot be read.
struct FoundJobs {
  std::vector<jobs::Job> jobs;
  Damage damaged;
};

/// Jobs of a listing, the newest first.
struct FoundPage {
  std::vector<jobs::Job> jobs;
  Damage damaged;
  /// Behind which to go on; none where there are no more. A page that has it may be short, or have
  /// no job at all.
  std::optional<jobs::JobId> next = {};
};

/// The place of a pending delivery in the order in which they fall due.
struct DuePlace {
  jobs::Timestamp due_at = {};
  jobs::JobId id = {};

  friend auto operator<=>(const DuePlace&, const DuePlace&) = default;
};

/// Deliveries that are to be tried, the earliest first.
struct DueDeliveries {
  std::vector<jobs::Delivery> deliveries;
  Damage damaged;
  /// Behind which to go on; none where there are no more.
  std::optional<DuePlace> next = {};
};

/// So many records at most are read for one page of a listing.
inline constexpr std::size_t most_examined = 1'000;

/// How much later than it was named a job may be made: the longest that an upload takes.
inline constexpr std::chrono::minutes longest_upload{5};
/// How far the clocks of two machines may be apart.
inline constexpr std::chrono::seconds clock_tolerance{5};

/// A backup of a job store among others in a folder.
struct JobStoreBackup {
  std::uint32_t id = 0;     ///< Rises from 1.
  std::uint64_t bytes = 0;  ///< All its files, shared ones too.
};

/// Asked now and then by what takes long: false ends it, with an error. Must not throw.
using GoesOn = std::function<bool()>;

/// What a store has in memory, and the bounds of the settings. The buffers count as part of the
/// cache.
struct StoreMemory {
  std::uint64_t block_cache_bytes = 0;
  std::uint64_t block_cache_limit = 0;
  std::uint64_t write_buffer_bytes = 0;
  std::uint64_t write_buffer_limit = 0;
  std::uint64_t table_reader_bytes = 0;  ///< Beside the cache.
};

/// The durable records of all jobs, with indexes: the unfinished jobs in queue order, all jobs by
/// expiry, the failed ones, those that a client has named by an idempotency key, those whose
/// results may be taken for another, those that have ended by revision, and some by what clients
/// look for. Beside them batches and deliveries.
///
/// One thread at a time may call commit(); reads may run beside it from any thread and see whole
/// commits only. Errors are values; no member throws for anything that the disk can cause.
class JobStore {
 public:
  virtual ~JobStore() = default;

  /// Applies all changes in one atomic step and makes them durable (synced) before it returns. On
  /// error nothing was applied. One exception: where the write reached the disk and only syncing it
  /// failed, a process that dies before its next commit may find it applied when it starts again.
  [[nodiscard]] virtual tl::expected<void, StoreError> commit(const WriteSet& changes) = 0;

  /// The same of jobs alone.
  [[nodiscard]] tl::expected<void, StoreError> commit(std::span<const JobChange> changes) {
    return commit(WriteSet{.jobs = {changes.begin(), changes.end()}});
  }

  /// The job, or nullopt where there is none of that id.
  [[nodiscard]] virtual tl::expected<std::optional<jobs::Job>, StoreError> get(
      const jobs::JobId& id) const = 0;

  /// At most `limit` jobs, in any state, the newest first, from the one before `before`: the id of
  /// the last one found leads to the next page. Damaged records on the way are stepped over, and do
  /// not count.
  [[nodiscard]] virtual tl::expected<FoundJobs, StoreError> list(
      const std::optional<jobs::JobId>& before, std::size_t limit) const = 0;

  /// At most `limit` (from 1) jobs as the filter wants them, the newest first by id, from the one
  /// before `before`. Cheap however many jobs there are: reads no more than most_examined records,
  /// which `next` goes on behind. Jobs that come meanwhile come before the first page, so pages do
  /// not shift. A job whose id is older than its creation by more than longest_upload may be missed
  /// by a filter on the time of creation.
  [[nodiscard]] virtual tl::expected<FoundPage, StoreError> find(
      const JobFilter& filter, const std::optional<jobs::JobId>& before,
      std::size_t limit) const = 0;

  /// At most `limit` jobs in a final state whose revision is above this one, the lowest first.
  [[nodiscard]] virtual tl::expected<FoundJobs, StoreError> finished_since(
      std::uint64_t revision, std::size_t limit) const = 0;

  /// The highest revision of a job in a final state; 0 where there is none.
  [[nodiscard]] virtual tl::expected<std::uint64_t, StoreError> last_revision() const = 0;

  /// A batch or delivery, packed; nullopt where there is none of that id.
  [[nodiscard]] virtual tl::expected<std::optional<std::string>, StoreError> record(
      Record kind, const jobs::JobId& id) const = 0;

  /// The same, unpacked.
  [[nodiscard]] tl::expected<std::optional<jobs::Batch>, StoreError> batch(
      const jobs::JobId& id) const;
  [[nodiscard]] tl::expected<std::optional<jobs::Delivery>, StoreError> delivery(
      const jobs::JobId& id) const;

  /// At most `limit` deliveries about a job or a batch, the newest first. Damaged records on the
  /// way are stepped over, and do not count.
  [[nodiscard]] virtual tl::expected<std::vector<jobs::Delivery>, StoreError> deliveries_of(
      const jobs::JobId& subject, std::size_t limit) const = 0;

  /// At most `limit` pending deliveries whose due_at is not after `now`, the earliest first, from
  /// the one behind `behind`. Damaged records on the way are stepped over, and do not count.
  [[nodiscard]] virtual tl::expected<DueDeliveries, StoreError> due_deliveries(
      jobs::Timestamp now, const std::optional<DuePlace>& behind, std::size_t limit) const = 0;

  /// Calls `visit` for each pending delivery. Reads no records, however many there are.
  [[nodiscard]] virtual tl::expected<void, StoreError> for_each_pending_delivery(
      const std::function<void(const jobs::JobId&)>& visit) const = 0;

  /// At most `limit` of the records that may go, since their expires_at is not after `now`, as
  /// changes that remove them. Damaged records stay.
  [[nodiscard]] virtual tl::expected<std::vector<RecordChange>, StoreError> expired_records(
      Record kind, jobs::Timestamp now, std::size_t limit) const = 0;

  /// The batches without a time of completion, in the order of their ids. Reads no others, however
  /// many there are, and no records.
  [[nodiscard]] virtual tl::expected<std::vector<jobs::JobId>, StoreError> open_batches() const = 0;

  /// Calls `visit` for every job that is not in a final state, ordered by queue, priority, run_at,
  /// id. Reads those jobs only, however many finished ones there are. Steps over damaged records
  /// and returns them.
  [[nodiscard]] virtual tl::expected<Damage, StoreError> for_each_unfinished(
      const std::function<void(jobs::Job)>& visit) const = 0;

  /// At most `limit` jobs, in any state, whose expires_at is not after `now`, earliest first.
  /// Damaged records on the way are stepped over, and do not count.
  [[nodiscard]] virtual tl::expected<FoundJobs, StoreError> expired(jobs::Timestamp now,
                                                                    std::size_t limit) const = 0;

  /// At most `limit` failed jobs, in the order of their ids, from the one behind `after`. Damaged
  /// records on the way are stepped over, and do not count.
  [[nodiscard]] virtual tl::expected<FoundJobs, StoreError> failed(
      const std::optional<jobs::JobId>& after, std::size_t limit) const = 0;

  /// The job that a client of this tenant has named by this idempotency key.
  [[nodiscard]] virtual tl::expected<std::optional<jobs::Job>, StoreError> with_idempotency_key(
      std::string_view tenant, std::string_view key) const = 0;

  /// The youngest completed job whose results may be taken for `wish`: it is `reusable`, of the
  /// same tenant, and made of the same file with the same renditions.
  [[nodiscard]] virtual tl::expected<std::optional<jobs::Job>, StoreError> with_results_for(
      const jobs::Job& wish) const = 0;

  /// A text that is kept beside the jobs, as put_text() was given it last under this name; empty
  /// where it never was. The store does not look into it.
  [[nodiscard]] virtual tl::expected<std::string, StoreError> text(std::string_view name) const = 0;

  /// Keeps that text, durably when this returns, in place of the one before. Not beside commit(),
  /// and on error as there.
  [[nodiscard]] virtual tl::expected<void, StoreError> put_text(std::string_view name,
                                                                std::string_view text) = 0;

  /// Proves by a synced write that the store takes writes now.
  [[nodiscard]] virtual tl::expected<void, StoreError> check_writable() = 0;

  /// Adds a backup of the store as it is at one moment to `folder`, see back_up_database(). Commits
  /// go on meanwhile, on another thread; where one fails, the backup ends with an error, so that it
  /// does not delay the store's mending. A store that is not on disk has nothing to back up.
  [[nodiscard]] virtual tl::expected<JobStoreBackup, StoreError> back_up(
      const std::filesystem::path& folder, const GoesOn& goes_on) const;

  /// Nothing for a store that does not know.
  [[nodiscard]] virtual std::optional<StoreMemory> memory() const { return std::nullopt; }
};

/// A store in memory, for tests and for trying things out: nothing outlives the object.
[[nodiscard]] std::unique_ptr<JobStore> make_memory_job_store();

/// Bounds on the memory that RocksDB takes.
struct RocksOptions {
  std::size_t block_cache_bytes = std::size_t{8} << 20U;
  std::size_t write_buffer_bytes = std::size_t{16} << 20U;  ///< All column families together.
  int max_open_files = 256;
};

/// Told in a sentence of what takes long; may be empty.
using Report = std::function<void(const std::string&)>;

/// Opens the RocksDB store in `directory`, creating it and its parents where missing. Refuses a
/// store that another process has open (locked), that is damaged (corrupt) or that a newer version
/// wrote (newer), with a message that says what to do. One of an older schema is brought to this
/// one first, which takes a minute for some million jobs, and which `report` hears of.
[[nodiscard]] tl::expected<std::unique_ptr<JobStore>, StoreError> open_rocks_job_store(
    const std::filesystem::path& directory, const RocksOptions& options, const Report& report = {});

}  // namespace darkroom::persistence
