#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "jobs/job.hpp"
#include "persistence/error.hpp"
#include "persistence/job_filter.hpp"
#include "persistence/job_store.hpp"
#include "persistence/rocks_database.hpp"

namespace rocksdb {
struct ReadOptions;
class Slice;
}  // namespace rocksdb

namespace darkroom::persistence {

/// An error that names what is damaged and what to do.
[[nodiscard]] StoreError corrupt_store(std::string message);

/// The value as it is stored; nullopt where there is no such key. `what` is for the message.
[[nodiscard]] tl::expected<std::optional<std::string>, StoreError> read_value(
    const RocksDatabase& database, const rocksdb::ReadOptions& options,
    rocksdb::ColumnFamilyHandle* family, const std::string& key, const std::string& what);

/// The job's record as it is stored; nullopt where there is none of that id.
[[nodiscard]] tl::expected<std::optional<std::string>, StoreError> read_record(
    const RocksDatabase& database, const rocksdb::ReadOptions& options, const jobs::JobId& id);

/// The job of a record, or what is wrong with it.
[[nodiscard]] tl::expected<jobs::Job, std::string> decode_record(const RocksDatabase& database,
                                                                 const jobs::JobId& id,
                                                                 std::string_view record);

/// JobStore::get.
[[nodiscard]] tl::expected<std::optional<jobs::Job>, StoreError> read_job(
    const RocksDatabase& database, const jobs::JobId& id);

/// JobStore::text.
[[nodiscard]] tl::expected<std::string, StoreError> read_text(const RocksDatabase& database,
                                                              std::string_view name);

/// The key that a job has in an index, if it has one there.
using KeyOf = std::optional<std::string> (*)(const jobs::Job*);

/// Visits the jobs of an index in its order from the key `first`, all as of one moment, while
/// `wanted` says so of the next key. `key_of` gives the key that a job ought to have there.
[[nodiscard]] tl::expected<Damage, StoreError> walk_index(
    const RocksDatabase& database, rocksdb::ColumnFamilyHandle* index, const std::string& first,
    KeyOf key_of, const std::function<bool(std::string_view)>& wanted,
    const std::function<void(jobs::Job)>& visit);

/// JobStore::list, find, and last_revision.
[[nodiscard]] tl::expected<FoundJobs, StoreError> list_jobs(
    const RocksDatabase& database, const std::optional<jobs::JobId>& before, std::size_t limit);
[[nodiscard]] tl::expected<FoundPage, StoreError> find_jobs(
    const RocksDatabase& database, const JobFilter& filter,
    const std::optional<jobs::JobId>& before, std::size_t limit);
[[nodiscard]] tl::expected<std::uint64_t, StoreError> read_last_revision(
    const RocksDatabase& database);

/// JobStore::deliveries_of, due_deliveries, for_each_pending_delivery, expired_records and
/// open_batches.
[[nodiscard]] tl::expected<std::vector<jobs::Delivery>, StoreError> read_deliveries_of(
    const RocksDatabase& database, const jobs::JobId& subject, std::size_t limit);
[[nodiscard]] tl::expected<DueDeliveries, StoreError> read_due_deliveries(
    const RocksDatabase& database, jobs::Timestamp now, const std::optional<DuePlace>& behind,
    std::size_t limit);
[[nodiscard]] tl::expected<void, StoreError> read_pending_deliveries(
    const RocksDatabase& database, const std::function<void(const jobs::JobId&)>& visit);
[[nodiscard]] tl::expected<std::vector<RecordChange>, StoreError> read_expired_records(
    const RocksDatabase& database, Record kind, jobs::Timestamp now, std::size_t limit);
[[nodiscard]] tl::expected<std::vector<jobs::JobId>, StoreError> read_open_batches(
    const RocksDatabase& database);

}  // namespace darkroom::persistence
