#include "persistence/rocks_writing.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/write_batch.h>

#include "persistence/index_keys.hpp"
#include "persistence/listing_keys.hpp"
#include "persistence/packed_job.hpp"
#include "persistence/record_keys.hpp"
#include "persistence/rocks_reading.hpp"
#include "persistence/rocks_status.hpp"

namespace darkroom::persistence {
namespace {

/// An index in which a job has one key at most.
struct Index {
  rocksdb::ColumnFamilyHandle* family;
  KeyOf key_of;
};

std::array<Index, 6> indexes(const RocksDatabase& database) {
  return {Index{database.ready(), ready_key},       Index{database.expiry(), expiry_key},
          Index{database.failed(), failed_key},     Index{database.results(), results_key},
          Index{database.finished(), finished_key}, Index{database.idempotency(), idempotency_key}};
}

/// What the change takes away: the record, and the entries that will not be there after it.
rocksdb::Status remove_old(rocksdb::WriteBatch& batch, const RocksDatabase& database,
                           const JobChange& change) {
  rocksdb::Status status;
  if (change.before && !change.after) {
    status = batch.Delete(database.jobs(), job_key(change.before->id));
  }
  for (const auto& [family, key_of] : indexes(database)) {
    const auto before = key_of(change.before.get());
    if (status.ok() && before && before != key_of(change.after.get())) {
      status = batch.Delete(family, *before);
    }
  }
  for (const auto& key : listing_keys_gained(change.after.get(), change.before.get())) {
    if (status.ok()) status = batch.Delete(database.listing(), key);
  }
  return status;
}

/// What the change brings: the record, and the entries that were not there before it.
rocksdb::Status add_new(rocksdb::WriteBatch& batch, const RocksDatabase& database,
                        const JobChange& change) {
  if (!change.after) return rocksdb::Status::OK();
  const auto id = job_key(change.after->id);
  auto status = batch.Put(database.jobs(), id, pack_job(*change.after));
  for (const auto& [family, key_of] : indexes(database)) {
    const auto after = key_of(change.after.get());
    if (!status.ok() || !after || after == key_of(change.before.get())) continue;
    status = batch.Put(family, *after, family == database.idempotency() ? id : std::string{});
  }
  for (const auto& key : listing_keys_gained(change.before.get(), change.after.get())) {
    if (status.ok()) status = batch.Put(database.listing(), key, rocksdb::Slice{});
  }
  return status;
}

std::vector<std::string> entries_of(Record kind, const std::optional<std::string>& record) {
  if (!record) return {};
  return record_index_keys(kind, *record).value_or(std::vector<std::string>{});
}

/// A record's change, whose keys are all its own.
rocksdb::Status change_record(rocksdb::WriteBatch& batch, const RocksDatabase& database,
                              const RecordChange& change) {
  auto* const family = database.family_of(change.kind);
  const auto key = record_key(change.kind, change.id);
  auto status = change.after ? batch.Put(family, key, *change.after) : batch.Delete(family, key);
  const auto before = entries_of(change.kind, change.before);
  const auto after = entries_of(change.kind, change.after);
  std::vector<std::string> gone;
  std::ranges::set_difference(before, after, std::back_inserter(gone));
  for (const auto& entry : gone) {
    if (status.ok()) status = batch.Delete(family, entry);
  }
  std::vector<std::string> come;
  std::ranges::set_difference(after, before, std::back_inserter(come));
  for (const auto& entry : come) {
    if (status.ok()) status = batch.Put(family, entry, rocksdb::Slice{});
  }
  return status;
}

/// `added` says whether the batch could be put together.
tl::expected<void, StoreError> write(const RocksDatabase& database, rocksdb::WriteBatch& batch,
                                     const rocksdb::Status& added) {
  if (!added.ok()) {
    return tl::unexpected{error_from_status(added, "cannot change " + database.name())};
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const auto status = database.db().Write(synced, &batch);
  if (status.ok()) return {};
  return tl::unexpected{error_from_status(status, "cannot write " + database.name())};
}

}  // namespace

tl::expected<void, StoreError> write_changes(const RocksDatabase& database,
                                             const WriteSet& changes) try {
  // RocksDB counts each comparison of keys for this thread otherwise, a tenth of the insertion.
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
  constexpr std::size_t usual_change = 1024;  // Bytes, with its entries in the indexes.
  rocksdb::WriteBatch batch{(changes.jobs.size() + changes.records.size()) * usual_change};
  rocksdb::Status added;
  for (const auto& change : changes.jobs) {
    if (added.ok()) added = remove_old(batch, database, change);
  }
  for (const auto& change : changes.jobs) {
    if (added.ok()) added = add_new(batch, database, change);
  }
  for (const auto& change : changes.records) {
    if (added.ok()) added = change_record(batch, database, change);
  }
  return write(database, batch, added);
} catch (const std::exception& thrown) {
  return tl::unexpected{
      StoreError{.code = StoreErrorCode::unwritable,
                 .message = "cannot write " + database.name() + ": " + thrown.what()}};
}

tl::expected<void, StoreError> write_text(const RocksDatabase& database, std::string_view name,
                                          std::string_view text) {
  rocksdb::WriteBatch batch;
  return write(database, batch, batch.Put(database.meta(), name, text));
}

}  // namespace darkroom::persistence
