#include "persistence/rocks_reading.hpp"

#include <memory>
#include <utility>

#include <rocksdb/db.h>
#include <rocksdb/snapshot.h>

#include "persistence/index_keys.hpp"
#include "persistence/packed_job.hpp"
#include "persistence/rocks_status.hpp"

namespace darkroom::persistence {

StoreError corrupt_store(std::string message) {
  message += damage_remedy;
  return {.code = StoreErrorCode::corrupt, .message = std::move(message)};
}

tl::expected<std::optional<std::string>, StoreError> read_value(const RocksDatabase& database,
                                                                const rocksdb::ReadOptions& options,
                                                                rocksdb::ColumnFamilyHandle* family,
                                                                const std::string& key,
                                                                const std::string& what) {
  std::string value;
  const auto status = database.db().Get(options, family, key, &value);
  if (status.ok()) return value;
  if (status.IsNotFound()) return std::nullopt;
  return tl::unexpected{
      error_from_status(status, "cannot read " + what + " in " + database.name())};
}

tl::expected<std::optional<std::string>, StoreError> read_record(
    const RocksDatabase& database, const rocksdb::ReadOptions& options, const jobs::JobId& id) {
  std::string record;
  const auto status = database.db().Get(options, database.jobs(), job_key(id), &record);
  if (status.ok()) return record;
  if (status.IsNotFound()) return std::nullopt;
  return tl::unexpected{
      error_from_status(status, "cannot read job " + id.to_string() + " in " + database.name())};
}

tl::expected<jobs::Job, std::string> decode_record(const RocksDatabase& database,
                                                   const jobs::JobId& id, std::string_view record) {
  const auto what = [&] {
    return "cannot read job " + id.to_string() + " in " + database.name() + ": ";
  };
  auto job = unpack_job(record);
  if (!job) return tl::unexpected{what() + job.error()};
  if (job->id != id) return tl::unexpected{what() + "it holds job " + job->id.to_string()};
  return std::move(*job);
}

tl::expected<std::optional<jobs::Job>, StoreError> read_job(const RocksDatabase& database,
                                                            const jobs::JobId& id) {
  const auto record = read_record(database, {}, id);
  if (!record) return tl::unexpected{record.error()};
  if (!*record) return std::nullopt;
  auto job = decode_record(database, id, **record);
  if (!job) return tl::unexpected{corrupt_store(job.error())};
  return std::move(*job);
}

tl::expected<std::string, StoreError> read_text(const RocksDatabase& database,
                                                std::string_view name) {
  auto text = read_value(database, {}, database.meta(), std::string{name},
                         "the text \"" + std::string{name} + '"');
  if (!text) return tl::unexpected{std::move(text.error())};
  return std::move(*text).value_or(std::string{});
}

tl::expected<Damage, StoreError> walk_index(const RocksDatabase& database,
                                            rocksdb::ColumnFamilyHandle* index,
                                            const std::string& first, KeyOf key_of,
                                            const std::function<bool(std::string_view)>& wanted,
                                            const std::function<void(jobs::Job)>& visit) {
  Damage damage;
  rocksdb::ManagedSnapshot snapshot{&database.db()};
  rocksdb::ReadOptions options;
  options.snapshot = snapshot.snapshot();
  const std::unique_ptr<rocksdb::Iterator> entry{database.db().NewIterator(options, index)};
  for (entry->Seek(first); entry->Valid(); entry->Next()) {
    const auto key = entry->key().ToStringView();
    if (!wanted(key)) return damage;
    const auto id = id_of_index_key(key);
    if (!id) {
      return tl::unexpected{
          corrupt_store(database.name() + " has an index entry without a job id")};
    }
    const auto record = read_record(database, options, *id);
    if (!record) return tl::unexpected{record.error()};
    auto job = *record ? decode_record(database, *id, **record)
                       : tl::unexpected{database.name() + " has no record of job " +
                                        id->to_string() + ", which an index names"};
    if (job && key_of(&*job) != key) {
      job = tl::unexpected{database.name() + " has an index entry that does not fit job " +
                           id->to_string()};
    }
    if (job) {
      visit(std::move(*job));
    } else {
      damage.push_back({*id, std::move(job.error())});
    }
  }
  if (entry->status().ok()) return damage;
  return tl::unexpected{error_from_status(entry->status(), "cannot read " + database.name())};
}

}  // namespace darkroom::persistence
