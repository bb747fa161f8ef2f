#include "persistence/rocks_migration.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "persistence/index_keys.hpp"
#include "persistence/listing_keys.hpp"
#include "persistence/packed_job.hpp"
#include "persistence/rocks_status.hpp"

namespace darkroom::persistence {
namespace {

constexpr std::size_t batch_bytes = std::size_t{1} << 20U;
constexpr std::uint64_t worth_a_word = 100'000;  ///< Records, and a second or several.

/// Whether this entry of `idempotency` names the job. After a migration that was cut off, the older
/// version may have given the key to another one.
bool names_job(const RocksDatabase& database, const std::string& key, const jobs::JobId& id) {
  std::string value;
  return database.db().Get({}, database.idempotency(), key, &value).ok() && value == job_key(id);
}

/// What schema 3 keeps under a tenant's own keys was under those of all.
rocksdb::Status move_tenants_keys(rocksdb::WriteBatch& batch, const RocksDatabase& database,
                                  const jobs::Job& job) {
  if (job.tenant.empty()) return rocksdb::Status::OK();
  auto of_nobody = job;
  of_nobody.tenant.clear();
  rocksdb::Status status;
  if (const auto key = results_key(&job)) {
    status = batch.Delete(database.results(), *results_key(&of_nobody));
    if (status.ok()) status = batch.Put(database.results(), *key, rocksdb::Slice{});
  }
  if (const auto key = idempotency_key(&job); key && status.ok()) {
    const auto former = *idempotency_key(&of_nobody);
    if (names_job(database, former, job.id)) status = batch.Delete(database.idempotency(), former);
    if (status.ok()) status = batch.Put(database.idempotency(), *key, job_key(job.id));
  }
  return status;
}

rocksdb::Status add_entries(rocksdb::WriteBatch& batch, const RocksDatabase& database, int version,
                            const jobs::Job& job) {
  rocksdb::Status status;
  if (const auto key = failed_key(&job); key && version < 2)
    status = batch.Put(database.failed(), *key, rocksdb::Slice{});
  if (const auto key = finished_key(&job); key && status.ok())
    status = batch.Put(database.finished(), *key, rocksdb::Slice{});
  for (const auto& key : listing_keys(&job)) {
    if (status.ok()) status = batch.Put(database.listing(), key, rocksdb::Slice{});
  }
  if (status.ok()) status = move_tenants_keys(batch, database, job);
  return status;
}

}  // namespace

tl::expected<void, StoreError> fill_new_indexes(const RocksDatabase& database, int version,
                                                const Report& report) {
  const auto say = [&](const std::string& text) {
    if (report) report(text);
  };
  const auto cannot = [&](const rocksdb::Status& status, const char* what) {
    return tl::unexpected{error_from_status(status, what + database.name())};
  };
  const auto schemas = " from schema " + std::to_string(version) + " to " +
                       std::to_string(RocksDatabase::schema) + ": ";
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> record{
      database.db().NewIterator(options, database.jobs())};
  rocksdb::WriteBatch batch;
  std::uint64_t seen = 0;
  for (record->SeekToFirst(); record->Valid(); record->Next()) {
    if (++seen % worth_a_word == 0) {
      say("bringing " + database.name() + schemas + std::to_string(seen) + " jobs are done");
    }
    const auto job = unpack_job(record->value().ToStringView());
    // A damaged one stays as it is, to be looked at, and is in no index.
    if (!job) continue;
    if (const auto added = add_entries(batch, database, version, *job); !added.ok())
      return cannot(added, "cannot change ");
    if (batch.GetDataSize() < batch_bytes) continue;
    if (const auto written = database.db().Write({}, &batch); !written.ok())
      return cannot(written, "cannot write ");
    batch.Clear();
  }
  if (!record->status().ok()) return cannot(record->status(), "cannot read ");
  if (const auto written = database.db().Write({}, &batch); !written.ok())
    return cannot(written, "cannot write ");
  if (seen > 0) say("brought " + database.name() + schemas + std::to_string(seen) + " jobs");
  return {};
}

}  // namespace darkroom::persistence
