#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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

/// A stretch of an index of records, from the key `first` on; `behind` is not of it.
struct Stretch {
  Record kind = Record::delivery;
  std::string first;
  std::string behind;
  bool backwards = false;
};

/// What is wrong with a record that an entry names, if anything is.
std::optional<std::string> misfit_of(Record kind, std::string_view entry, std::string_view record) {
  const auto entries = record_index_keys(kind, record);
  if (!entries) return entries.error();
  if (std::ranges::find(*entries, entry) != entries->end()) return std::nullopt;
  return "an entry does not fit it";
}

/// Visits the records that entries of the stretch name, all as of one moment, as long as
/// `goes_on` says so. Steps over damaged records and returns them.
tl::expected<Damage, StoreError> walk_records(
    const RocksDatabase& database, const Stretch& stretch, const std::function<bool()>& goes_on,
    const std::function<void(const jobs::JobId&, std::string)>& visit) {
  rocksdb::ManagedSnapshot snapshot{&database.db()};
  rocksdb::ReadOptions options;
  options.snapshot = snapshot.snapshot();
  const rocksdb::Slice lower{stretch.first};
  const rocksdb::Slice upper{stretch.behind};
  auto bounded = options;
  bounded.iterate_lower_bound = &lower;
  bounded.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> entry{
      database.db().NewIterator(bounded, database.family_of(stretch.kind))};
  Damage damage;
  const auto look = [&](std::string_view key) -> tl::expected<void, StoreError> {
    const auto id = id_of_index_key(key);
    if (!id) {
      damage.push_back({.id = {}, .message = database.name() + " has an entry without an id"});
      return {};
    }
    auto record = read_value(database, options, database.family_of(stretch.kind),
                             record_key(stretch.kind, *id), name_of(stretch.kind, *id));
    // A table that cannot be read is the damage of one record too, where others can be.
    if (!record && record.error().code != StoreErrorCode::corrupt) {
      return tl::unexpected{std::move(record.error())};
    }
    std::optional<std::string> fault;
    if (!record) {
      fault = record.error().message;
    } else if (!*record) {
      fault = "there is no record, which an entry names";
    } else if (fault = misfit_of(stretch.kind, key, **record); !fault) {
      visit(*id, std::move(**record));
    }
    if (fault) {
      damage.push_back({.id = *id,
                        .message = "cannot read " + name_of(stretch.kind, *id) + " in " +
                                   database.name() + ": " + *fault});
    }
    return {};
  };
  for (stretch.backwards ? entry->SeekToLast() : entry->SeekToFirst(); entry->Valid() && goes_on();
       stretch.backwards ? entry->Prev() : entry->Next()) {
    if (auto seen = look(entry->key().ToStringView()); !seen)
      return tl::unexpected{std::move(seen.error())};
  }
  if (entry->status().ok()) return damage;
  return tl::unexpected{error_from_status(entry->status(), "cannot read " + database.name())};
}

/// The deliveries of a stretch, and one more than `limit` where there are more.
tl::expected<DueDeliveries, StoreError> read_deliveries(const RocksDatabase& database,
                                                        const Stretch& stretch, std::size_t limit) {
  DueDeliveries found;
  auto damage = walk_records(
      database, stretch, [&] { return found.deliveries.size() <= limit; },
      [&](const jobs::JobId&, const std::string& record) {
        if (auto delivery = unpack_delivery(record))
          found.deliveries.push_back(std::move(*delivery));
      });
  if (!damage) return tl::unexpected{std::move(damage.error())};
  found.damaged = std::move(*damage);
  return found;
}

const std::string& highest_id() {
  static const std::string bytes(sizeof(jobs::JobId::Bytes), '\xff');
  return bytes;
}

/// Every entry of an index, without its record. One that names no id is told of as damage where
/// records are read.
tl::expected<void, StoreError> visit_entries(const RocksDatabase& database, Record kind,
                                             char prefix,
                                             const std::function<void(const jobs::JobId&)>& visit) {
  const std::string first{prefix};
  const std::string behind{static_cast<char>(prefix + 1)};
  const rocksdb::Slice lower{first};
  const rocksdb::Slice upper{behind};
  rocksdb::ReadOptions options;
  options.iterate_lower_bound = &lower;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> entry{
      database.db().NewIterator(options, database.family_of(kind))};
  for (entry->SeekToFirst(); entry->Valid(); entry->Next()) {
    if (const auto id = id_of_index_key(entry->key().ToStringView())) visit(*id);
  }
  if (entry->status().ok()) return {};
  return tl::unexpected{error_from_status(entry->status(), "cannot read " + database.name())};
}

}  // namespace

tl::expected<std::vector<jobs::Delivery>, StoreError> read_deliveries_of(
    const RocksDatabase& database, const jobs::JobId& subject, std::size_t limit) {
  const auto prefix = record_prefix::subject + job_key(subject);
  auto found = read_deliveries(
      database, {.first = prefix, .behind = prefix + highest_id(), .backwards = true}, limit);
  if (!found) return tl::unexpected{std::move(found.error())};
  if (found->deliveries.size() > limit) found->deliveries.resize(limit);
  return std::move(found->deliveries);
}

tl::expected<DueDeliveries, StoreError> read_due_deliveries(const RocksDatabase& database,
                                                            jobs::Timestamp now,
                                                            const std::optional<DuePlace>& behind,
                                                            std::size_t limit) {
  const std::string prefix{record_prefix::due};
  // A key with a byte more is the next one after it.
  const auto first =
      behind ? prefix + time_key(behind->due_at) + job_key(behind->id) + '\0' : prefix;
  auto found = read_deliveries(
      database, {.first = first, .behind = prefix + time_key(now) + highest_id()}, limit);
  if (found && found->deliveries.size() > limit) {
    found->deliveries.resize(limit);
    const auto& last = found->deliveries.back();
    found->next = DuePlace{last.due_at, last.id};
  }
  return found;
}

tl::expected<void, StoreError> read_pending_deliveries(
    const RocksDatabase& database, const std::function<void(const jobs::JobId&)>& visit) {
  return visit_entries(database, Record::delivery, record_prefix::due, visit);
}

tl::expected<std::vector<RecordChange>, StoreError> read_expired_records(
    const RocksDatabase& database, Record kind, jobs::Timestamp now, std::size_t limit) {
  std::vector<RecordChange> found;
  const std::string prefix{record_prefix::expiry};
  const auto damage = walk_records(
      database, {.kind = kind, .first = prefix, .behind = prefix + time_key(now) + highest_id()},
      [&] { return found.size() < limit; },
      [&](const jobs::JobId& id, std::string record) {
        found.push_back({.kind = kind, .id = id, .before = std::move(record)});
      });
  if (!damage) return tl::unexpected{damage.error()};
  return found;
}

tl::expected<std::vector<jobs::JobId>, StoreError> read_open_batches(
    const RocksDatabase& database) {
  std::vector<jobs::JobId> found;
  const auto visited = visit_entries(database, Record::batch, record_prefix::open,
                                     [&](const jobs::JobId& id) { found.push_back(id); });
  if (!visited) return tl::unexpected{visited.error()};
  return found;
}

}  // namespace darkroom::persistence
