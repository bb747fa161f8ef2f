#include <functional>
#include <memory>
#include <utility>

#include <rocksdb/db.h>
#include <rocksdb/snapshot.h>

#include "persistence/index_keys.hpp"
#include "persistence/packed_delivery.hpp"
#include "persistence/record_keys.hpp"
#include "persistence/rocks_reading.hpp"
#include "persistence/rocks_status.hpp"

namespace darkroom::persistence {
namespace {

std::string name_of(Record kind, const jobs::JobId& id) {
  return (kind == Record::batch ? "batch " : "delivery ") + id.to_string();
}

/// Visits records that entries between `first` and `behind` name, as of one moment, until `visit`
/// says false.
tl::expected<void, StoreError> walk_records(
    const RocksDatabase& database, Record kind, const std::string& first, const std::string& behind,
    bool backwards, const std::function<bool(const jobs::JobId&, std::string)>& visit) {
  rocksdb::ManagedSnapshot snapshot{&database.db()};
  rocksdb::ReadOptions options;
  options.snapshot = snapshot.snapshot();
  const rocksdb::Slice lower{first};
  const rocksdb::Slice upper{behind};
  auto bounded = options;
  bounded.iterate_lower_bound = &lower;
  bounded.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> entry{
      database.db().NewIterator(bounded, database.family_of(kind))};
  backwards ? entry->SeekToLast() : entry->SeekToFirst();
  while (entry->Valid()) {
    const auto id = id_of_index_key(entry->key().ToStringView());
    if (!id) return tl::unexpected{corrupt_store(database.name() + " has an entry without an id")};
    auto record = read_value(database, options, database.family_of(kind), record_key(kind, *id),
                             name_of(kind, *id));
    if (!record) return tl::unexpected{std::move(record.error())};
    if (!*record) {
      return tl::unexpected{corrupt_store(database.name() + " has no record of " +
                                          name_of(kind, *id) + ", which an entry names")};
    }
    if (!visit(*id, std::move(**record))) break;
    backwards ? entry->Prev() : entry->Next();
  }
  if (entry->status().ok()) return {};
  return tl::unexpected{error_from_status(entry->status(), "cannot read " + database.name())};
}

tl::expected<std::vector<jobs::Delivery>, StoreError> read_deliveries(const RocksDatabase& database,
                                                                      const std::string& first,
                                                                      const std::string& behind,
                                                                      bool backwards,
                                                                      std::size_t limit) {
  std::vector<jobs::Delivery> found;
  std::optional<StoreError> fault;
  auto walked =
      walk_records(database, Record::delivery, first, behind, backwards,
                   [&](const jobs::JobId& id, const std::string& record) {
                     if (found.size() >= limit) return false;
                     auto delivery = unpack_delivery(record);
                     if (!delivery) {
                       fault = corrupt_store("cannot read " + name_of(Record::delivery, id) +
                                             " in " + database.name() + ": " + delivery.error());
                       return false;
                     }
                     found.push_back(std::move(*delivery));
                     return true;
                   });
  if (!walked) return tl::unexpected{std::move(walked.error())};
  if (fault) return tl::unexpected{std::move(*fault)};
  return found;
}

const std::string& highest_id() {
  static const std::string bytes(sizeof(jobs::JobId::Bytes), '\xff');
  return bytes;
}

}  // namespace

tl::expected<std::vector<jobs::Delivery>, StoreError> read_deliveries_of(
    const RocksDatabase& database, const jobs::JobId& subject, std::size_t limit) {
  const auto prefix = record_prefix::subject + job_key(subject);
  return read_deliveries(database, prefix, prefix + highest_id(), true, limit);
}

tl::expected<std::vector<jobs::Delivery>, StoreError> read_due_deliveries(
    const RocksDatabase& database, jobs::Timestamp now, std::size_t limit) {
  const std::string first{record_prefix::due};
  return read_deliveries(database, first, first + time_key(now) + highest_id(), false, limit);
}

tl::expected<std::vector<RecordChange>, StoreError> read_expired_records(
    const RocksDatabase& database, Record kind, jobs::Timestamp now, std::size_t limit) {
  std::vector<RecordChange> found;
  const std::string first{record_prefix::expiry};
  auto walked =
      walk_records(database, kind, first, first + time_key(now) + highest_id(), false,
                   [&](const jobs::JobId& id, std::string record) {
                     if (found.size() >= limit) return false;
                     found.push_back({.kind = kind, .id = id, .before = std::move(record)});
                     return true;
                   });
  if (!walked) return tl::unexpected{std::move(walked.error())};
  return found;
}

}  // namespace darkroom::persistence
