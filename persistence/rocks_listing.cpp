#include <chrono>
#include <memory>
#include <utility>

#include <rocksdb/db.h>
#include <rocksdb/snapshot.h>

#include "persistence/big_endian.hpp"
#include "persistence/index_keys.hpp"
#include "persistence/listing_keys.hpp"
#include "persistence/rocks_reading.hpp"
#include "persistence/rocks_status.hpp"

namespace darkroom::persistence {
namespace {

constexpr std::size_t id_bytes = sizeof(jobs::JobId::Bytes);

/// The first bytes that an id of that moment or later can have: a UUIDv7 begins with the time.
std::string first_id_of(jobs::Timestamp time) {
  constexpr unsigned bits_of_rest = 16;
  const auto since = std::max<std::int64_t>(0, time.time_since_epoch().count());
  constexpr std::int64_t latest = (std::int64_t{1} << 48U) - 1;
  const auto bytes =
      big_endian(static_cast<std::uint64_t>(std::min(since, latest)) << bits_of_rest);
  std::string id{bytes.begin(), bytes.end()};
  id.resize(id_bytes, '\0');
  return id;
}

/// The keys between which the wanted jobs are, in the listing or among the records themselves.
struct Span {
  std::string first;   ///< Not before this one,
  std::string behind;  ///< and before that one.
};

Span span_of(const JobFilter& filter, const std::string& prefix,
             const std::optional<jobs::JobId>& before) {
  auto behind = before ? job_key(*before) : std::string(id_bytes, '\xff');
  if (filter.created_before) {
    behind = std::min(behind, first_id_of(*filter.created_before + clock_tolerance));
  }
  const auto first = filter.created_from
                         ? first_id_of(*filter.created_from - longest_upload - clock_tolerance)
                         : std::string{};
  return {.first = prefix + first, .behind = prefix + behind};
}

}  // namespace

tl::expected<FoundJobs, StoreError> list_jobs(const RocksDatabase& database,
                                              const std::optional<jobs::JobId>& before,
                                              std::size_t limit) {
  const std::unique_ptr<rocksdb::Iterator> entry{database.db().NewIterator({}, database.jobs())};
  if (before) {
    const auto key = job_key(*before);
    entry->SeekForPrev(key);
    if (entry->Valid() && entry->key() == key) entry->Prev();
  } else {
    entry->SeekToLast();
  }
  FoundJobs found;
  for (; entry->Valid() && found.jobs.size() < limit; entry->Prev()) {
    const auto id = id_of_index_key(entry->key().ToStringView());
    if (!id)
      return tl::unexpected{corrupt_store(database.name() + " has a record without a job id")};
    auto job = decode_record(database, *id, entry->value().ToStringView());
    if (job) {
      found.jobs.push_back(std::move(*job));
    } else {
      found.damaged.push_back({*id, std::move(job.error())});
    }
  }
  if (entry->status().ok()) return found;
  return tl::unexpected{error_from_status(entry->status(), "cannot read " + database.name())};
}

tl::expected<FoundPage, StoreError> find_jobs(const RocksDatabase& database,
                                              const JobFilter& filter,
                                              const std::optional<jobs::JobId>& before,
                                              std::size_t limit) {
  const auto prefix = listing_prefix(filter);
  const auto span = span_of(filter, prefix.value_or(std::string{}), before);
  if (span.first >= span.behind) return FoundPage{};
  const rocksdb::Slice first{span.first};
  const rocksdb::Slice behind{span.behind};
  rocksdb::ManagedSnapshot snapshot{&database.db()};
  rocksdb::ReadOptions options;
  options.snapshot = snapshot.snapshot();
  rocksdb::ReadOptions bounded = options;
  bounded.iterate_lower_bound = &first;
  bounded.iterate_upper_bound = &behind;
  const std::unique_ptr<rocksdb::Iterator> entry{
      database.db().NewIterator(bounded, prefix ? database.listing() : database.jobs())};
  FoundPage page;
  std::size_t examined = 0;
  std::optional<jobs::JobId> last;
  for (entry->SeekToLast(); entry->Valid(); entry->Prev()) {
    if (page.jobs.size() >= limit || examined == most_examined) {
      page.next = last;
      break;
    }
    ++examined;
    const auto id = id_of_index_key(entry->key().ToStringView());
    if (!id)
      return tl::unexpected{corrupt_store(database.name() + " has an entry without a job id")};
    last = id;
    tl::expected<jobs::Job, std::string> job;
    if (prefix) {
      const auto record = read_record(database, options, *id);
      if (!record) return tl::unexpected{record.error()};
      job = *record ? decode_record(database, *id, **record)
                    : tl::unexpected{database.name() + " has no record of job " + id->to_string() +
                                     ", which the listing names"};
    } else {
      job = decode_record(database, *id, entry->value().ToStringView());
    }
    if (!job) {
      page.damaged.push_back({*id, std::move(job.error())});
    } else if (matches(filter, *job)) {
      page.jobs.push_back(std::move(*job));
    }
  }
  if (entry->status().ok()) return page;
  return tl::unexpected{error_from_status(entry->status(), "cannot read " + database.name())};
}

tl::expected<std::uint64_t, StoreError> read_last_revision(const RocksDatabase& database) {
  const std::unique_ptr<rocksdb::Iterator> entry{
      database.db().NewIterator({}, database.finished())};
  entry->SeekToLast();
  if (!entry->status().ok())
    return tl::unexpected{error_from_status(entry->status(), "cannot read " + database.name())};
  std::uint64_t revision = 0;
  if (!entry->Valid()) return revision;
  for (const char byte : entry->key().ToStringView().substr(0, sizeof revision))
    revision = revision << 8U | static_cast<std::uint8_t>(byte);
  return revision;
}

}  // namespace darkroom::persistence
