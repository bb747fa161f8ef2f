#include "persistence/stored_jobs.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <rocksdb/db.h>

#include "persistence/index_keys.hpp"
#include "persistence/listing_keys.hpp"
#include "persistence/packed_job.hpp"
#include "persistence/record_faults.hpp"
#include "persistence/rocks_status.hpp"

namespace darkroom::persistence {
namespace {

/// One of the indexes whose entries name jobs.
struct Index {
  std::string_view name;
  rocksdb::ColumnFamilyHandle* family;
  std::function<std::vector<std::string>(const jobs::Job*)> keys_of;
  bool id_in_value = false;  ///< Else at the end of the key.
  int since = 1;             ///< The schema from which on its keys are these.
};

auto single(std::optional<std::string> (*key_of)(const jobs::Job*)) {
  return [key_of](const jobs::Job* job) {
    auto key = key_of(job);
    return key ? std::vector{std::move(*key)} : std::vector<std::string>{};
  };
}

/// Those that the store has: one of an older schema lacks some until a service has opened it.
std::vector<Index> indexes_of(const RocksDatabase& database) {
  std::vector<Index> indexes{
      {"ready", database.ready(), single(ready_key)},
      {"expiry", database.expiry(), single(expiry_key)},
      {"failed", database.failed(), single(failed_key)},
      {"idempotency", database.idempotency(), single(idempotency_key), true, 3},
      {"results", database.results(), single(results_key), false, 3},
      {"finished", database.finished(), single(finished_key)},
      {"listing", database.listing(), listing_keys}};
  std::erase_if(indexes, [&](const Index& index) {
    return index.family == nullptr || database.version() < index.since;
  });
  return indexes;
}

bool has_key(const Index& index, const jobs::Job& job, std::string_view key) {
  return std::ranges::any_of(index.keys_of(&job), [&](const auto& own) { return own == key; });
}

/// Without these a walk over millions of records would drive everything else out of the cache.
rocksdb::ReadOptions for_a_walk() {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  return options;
}

StoredJob read_stored(const jobs::JobId& id, std::string_view record) {
  StoredJob stored{.id = id, .bytes = record.size(), .job = unpack_job(record)};
  if (stored.job && stored.job->id != id) {
    stored.job = tl::unexpected{"it holds job " + stored.job->id.to_string()};
  }
  return stored;
}

StoredJob read_entry(std::string_view key, std::string_view record) {
  jobs::JobId::Bytes bytes{};
  if (key.size() != bytes.size()) {
    return {.id = {},
            .bytes = record.size(),
            .job = tl::unexpected{"its key has " + std::to_string(key.size()) +
                                  " bytes, and that of a job has 16"}};
  }
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes.at(i) = static_cast<std::uint8_t>(key[i]);
  return read_stored(jobs::JobId{bytes}, record);
}

tl::unexpected<StoreError> cannot_read(const rocksdb::Status& status,
                                       const RocksDatabase& database) {
  return tl::unexpected{error_from_status(status, "cannot read " + database.name())};
}

tl::expected<StoredJobs, StoreError> cannot_open(StoreError error) {
  return tl::unexpected{std::move(error)};
}

}  // namespace

tl::expected<StoredJobs, StoreError> StoredJobs::open(const std::filesystem::path& directory,
                                                      const RocksOptions& options) {
  auto database = RocksDatabase::open_for_reading(directory, options);
  if (!database) return cannot_open(std::move(database.error()));
  return StoredJobs{std::move(*database)};
}

tl::expected<StoredJobs, StoreError> StoredJobs::open_backup(const std::filesystem::path& folder,
                                                             std::uint32_t id,
                                                             const RocksOptions& options) {
  auto database = RocksDatabase::open_backup(folder, id, options);
  if (!database) return cannot_open(std::move(database.error()));
  return StoredJobs{std::move(*database)};
}

tl::expected<void, StoreError> StoredJobs::for_each(
    const std::function<bool(const StoredJob&)>& visit) const {
  const std::unique_ptr<rocksdb::Iterator> entry{
      database_->db().NewIterator(for_a_walk(), database_->jobs())};
  for (entry->SeekToFirst(); entry->Valid(); entry->Next()) {
    if (!visit(read_entry(entry->key().ToStringView(), entry->value().ToStringView()))) return {};
  }
  if (!entry->status().ok()) return cannot_read(entry->status(), *database_);
  return {};
}

tl::expected<std::optional<StoredJob>, StoreError> StoredJobs::get(const jobs::JobId& id) const {
  std::string record;
  const auto status = database_->db().Get({}, database_->jobs(), job_key(id), &record);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return cannot_read(status, *database_);
  return read_stored(id, record);
}

tl::expected<void, StoreError> StoredJobs::for_each_index_fault(
    const std::function<bool(const IndexFault&)>& visit) const {
  std::optional<StoreError> failure;
  bool wanted = true;
  const auto indexes = indexes_of(*database_);
  const auto look_for = [&](const Index& index, const std::string& key, const jobs::JobId& id) {
    std::string value;
    const auto status = database_->db().Get({}, index.family, key, &value);
    if (status.IsNotFound() || (status.ok() && index.id_in_value && value != job_key(id))) {
      wanted = visit({id, "the index " + std::string{index.name} + " does not name it"});
    } else if (!status.ok()) {
      failure = cannot_read(status, *database_).value();
    }
  };
  auto walked = for_each([&](const StoredJob& stored) {
    if (!stored.job) return true;
    for (const auto& index : indexes) {
      for (const auto& key : index.keys_of(&*stored.job)) {
        if (wanted) look_for(index, key, stored.id);
      }
    }
    return wanted && !failure;
  });
  if (!walked) return walked;
  for (const auto& index : indexes) {
    const std::unique_ptr<rocksdb::Iterator> entry{
        database_->db().NewIterator(for_a_walk(), index.family)};
    for (entry->SeekToFirst(); entry->Valid() && wanted && !failure; entry->Next()) {
      const auto key = entry->key().ToStringView();
      const auto id = id_of_index_key(index.id_in_value ? entry->value().ToStringView() : key);
      tl::expected<std::optional<StoredJob>, StoreError> stored;
      if (id) stored = get(*id);
      if (!stored) return tl::unexpected{stored.error()};
      if (*stored && (!(*stored)->job || has_key(index, *(*stored)->job, key))) continue;
      wanted = visit(
          {id.value_or(jobs::JobId{}), "the index " + std::string{index.name} +
                                           (*stored ? " has an entry that does not fit it"
                                                    : " names it, and there is no record of it")});
    }
    if (!entry->status().ok()) return cannot_read(entry->status(), *database_);
  }
  if (failure) return tl::unexpected{*failure};
  if (!wanted) return {};
  return for_each_record_fault(*database_, visit);
}

}  // namespace darkroom::persistence
