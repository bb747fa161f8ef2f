#include <array>
#include <exception>

#include <rocksdb/db.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/snapshot.h>
#include <rocksdb/write_batch.h>

#include "persistence/index_keys.hpp"
#include "persistence/job_store.hpp"
#include "persistence/packed_job.hpp"
#include "persistence/rocks_backup.hpp"
#include "persistence/rocks_database.hpp"
#include "persistence/rocks_memory.hpp"
#include "persistence/rocks_session.hpp"
#include "persistence/rocks_status.hpp"

namespace darkroom::persistence {
namespace {

/// In the column family `default`.
constexpr const char* operators_key = "operators";

using OptionalKey = std::optional<std::string>;

tl::unexpected<StoreError> corrupt(std::string message) {
  message += damage_remedy;
  return tl::unexpected{StoreError{.code = StoreErrorCode::corrupt, .message = std::move(message)}};
}

using KeyOf = OptionalKey (*)(const jobs::Job*);

/// An index, and the key that a job has in it.
struct Index {
  rocksdb::ColumnFamilyHandle* family;
  KeyOf key_of;
};

std::array<Index, 5> indexes(const RocksDatabase& database) {
  return {Index{database.ready(), ready_key}, Index{database.expiry(), expiry_key},
          Index{database.failed(), failed_key}, Index{database.results(), results_key},
          Index{database.idempotency(), idempotency_key}};
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
  return status;
}

class RocksJobStore final : public JobStore {
 public:
  explicit RocksJobStore(std::unique_ptr<RocksSession> session) : session_(std::move(session)) {}

  tl::expected<void, StoreError> commit(std::span<const JobChange> changes) override {
    if (auto checked = check_changes(changes); !checked) return checked;
    const auto database = ready_to_write();
    if (!database) return tl::unexpected{database.error()};
    auto net = net_changes(changes);
    auto written = write_all(**database, net);
    if (!written) {
      session_->note_failure(written.error());
      doubtful_ = std::move(net);
    }
    return written;
  }

  tl::expected<std::optional<jobs::Job>, StoreError> get(const jobs::JobId& id) const override {
    const auto database = session_->for_reading();
    if (!database) return tl::unexpected{database.error()};
    const auto record = read_record(**database, {}, id);
    if (!record) return tl::unexpected{record.error()};
    if (!*record) return std::nullopt;
    auto job = decode(**database, id, **record);
    if (!job) return corrupt(job.error());
    return std::move(*job);
  }

  tl::expected<FoundJobs, StoreError> list(const std::optional<jobs::JobId>& before,
                                           std::size_t limit) const override {
    const auto database = session_->for_reading();
    if (!database) return tl::unexpected{database.error()};
    const std::unique_ptr<rocksdb::Iterator> entry{
        (*database)->db().NewIterator({}, (*database)->jobs())};
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
      if (!id) return corrupt((*database)->name() + " has a record without a job id");
      auto job = decode(**database, *id, entry->value().ToStringView());
      if (job) {
        found.jobs.push_back(std::move(*job));
      } else {
        found.damaged.push_back({*id, std::move(job.error())});
      }
    }
    if (entry->status().ok()) return found;
    return tl::unexpected{error_from_status(entry->status(), "cannot read " + (*database)->name())};
  }

  tl::expected<Damage, StoreError> for_each_unfinished(
      const std::function<void(jobs::Job)>& visit) const override {
    const auto database = session_->for_reading();
    if (!database) return tl::unexpected{database.error()};
    const auto always = [](std::string_view) { return true; };
    return walk_index(**database, (*database)->ready(), {}, ready_key, always, visit);
  }

  tl::expected<FoundJobs, StoreError> expired(jobs::Timestamp now,
                                              std::size_t limit) const override {
    const auto database = session_->for_reading();
    if (!database) return tl::unexpected{database.error()};
    FoundJobs due;
    const auto last = time_key(now);
    const auto wanted = [&](std::string_view key) {
      return due.jobs.size() < limit && key.substr(0, last.size()) <= last;
    };
    const auto collect = [&](jobs::Job job) { due.jobs.push_back(std::move(job)); };
    auto walked = walk_index(**database, (*database)->expiry(), {}, expiry_key, wanted, collect);
    if (!walked) return tl::unexpected{walked.error()};
    due.damaged = std::move(*walked);
    return due;
  }

  tl::expected<FoundJobs, StoreError> failed(const std::optional<jobs::JobId>& after,
                                             std::size_t limit) const override {
    const auto database = session_->for_reading();
    if (!database) return tl::unexpected{database.error()};
    FoundJobs found;
    const auto wanted = [&](std::string_view) { return found.jobs.size() < limit; };
    const auto collect = [&](jobs::Job job) { found.jobs.push_back(std::move(job)); };
    // The smallest key behind that of `after`.
    const auto first = after ? job_key(*after) + '\0' : std::string{};
    auto walked = walk_index(**database, (*database)->failed(), first, failed_key, wanted, collect);
    if (!walked) return tl::unexpected{walked.error()};
    found.damaged = std::move(*walked);
    return found;
  }

  tl::expected<std::optional<jobs::Job>, StoreError> with_idempotency_key(
      std::string_view key) const override {
    const auto database = session_->for_reading();
    if (!database) return tl::unexpected{database.error()};
    std::string id;
    const auto status = (*database)->db().Get({}, (*database)->idempotency(), key, &id);
    if (status.IsNotFound()) return std::nullopt;
    if (!status.ok()) {
      return tl::unexpected{error_from_status(status, "cannot read " + (*database)->name())};
    }
    const auto job = id_of_index_key(id);
    if (!job) return corrupt((*database)->name() + " has an idempotency key without a job id");
    return get(*job);
  }

  tl::expected<std::optional<jobs::Job>, StoreError> with_results_for(
      const jobs::Job& wish) const override {
    const auto database = session_->for_reading();
    if (!database) return tl::unexpected{database.error()};
    const auto hash = results_hash(wish);
    const std::unique_ptr<rocksdb::Iterator> entry{
        (*database)->db().NewIterator({}, (*database)->results())};
    entry->SeekForPrev(hash + std::string(sizeof(jobs::JobId::Bytes), '\xff'));
    if (!entry->status().ok()) {
      return tl::unexpected{
          error_from_status(entry->status(), "cannot read " + (*database)->name())};
    }
    if (!entry->Valid() || !entry->key().starts_with(hash)) return std::nullopt;
    const auto job = id_of_index_key(entry->key().ToStringView());
    if (!job) return corrupt((*database)->name() + " has an index entry without a job id");
    return get(*job);
  }

  tl::expected<std::string, StoreError> operator_state() const override {
    const auto database = session_->for_reading();
    if (!database) return tl::unexpected{database.error()};
    return read_operator_state(**database);
  }

  tl::expected<void, StoreError> put_operator_state(std::string_view text) override {
    const auto database = ready_to_write();
    if (!database) return tl::unexpected{database.error()};
    auto before = read_operator_state(**database);
    if (!before) return tl::unexpected{before.error()};
    rocksdb::WriteBatch batch;
    auto written = write(**database, batch, batch.Put((*database)->meta(), operators_key, text));
    if (!written) {
      session_->note_failure(written.error());
      doubtful_operator_state_ = std::move(*before);
    }
    return written;
  }

  tl::expected<void, StoreError> check_writable() override {
    const auto database = ready_to_write();
    if (!database) return tl::unexpected{database.error()};
    rocksdb::WriteBatch batch;
    auto written = write(**database, batch, batch.Put((*database)->meta(), "writable", ""));
    if (!written) session_->note_failure(written.error());
    return written;
  }

  tl::expected<JobStoreBackup, StoreError> back_up(const std::filesystem::path& folder,
                                                   const GoesOn& goes_on) const override {
    const auto database = session_->for_reading();
    if (!database) return tl::unexpected{database.error()};
    const auto unhindered = [&] { return !session_->is_failing() && goes_on(); };
    return back_up_database(**database, folder, unhindered);
  }

  std::optional<StoreMemory> memory() const override {
    const auto database = session_->for_reading();
    if (!database) return std::nullopt;
    return memory_of(**database, session_->options());
  }

 private:
  tl::expected<RocksSession::Database, StoreError> ready_to_write() {
    return session_->for_writing(
        [this](const RocksDatabase& opened) { return undo_doubtful(opened); });
  }

  /// A failed commit has told its caller that nothing was applied. Where its record had reached the
  /// log all the same, and only the syncing failed, opening the database again has applied it: so
  /// it is undone before anybody reads it.
  tl::expected<void, StoreError> undo_doubtful(const RocksDatabase& database) {
    std::vector<JobChange> undone;
    for (const auto& change : doubtful_) {
      const auto& id = change.before ? change.before->id : change.after->id;
      const auto record = read_record(database, {}, id);
      if (!record) return tl::unexpected{record.error()};
      const auto promised = change.after ? std::optional{pack_job(*change.after)} : std::nullopt;
      if (*record == promised) undone.push_back({.before = change.after, .after = change.before});
    }
    if (auto written = write(database, undone); !written) return written;
    doubtful_.clear();
    if (!doubtful_operator_state_) return {};
    rocksdb::WriteBatch batch;
    auto written = write(database, batch,
                         batch.Put(database.meta(), operators_key, *doubtful_operator_state_));
    if (written) doubtful_operator_state_.reset();
    return written;
  }

  /// As write(). How far RocksDB has come where it throws, for want of memory above all, nobody
  /// knows; a failed write is what that amounts to.
  static tl::expected<void, StoreError> write_all(const RocksDatabase& database,
                                                  std::span<const JobChange> changes) {
    try {
      return write(database, changes);
    } catch (const std::exception& thrown) {
      return tl::unexpected{
          StoreError{.code = StoreErrorCode::unwritable,
                     .message = "cannot write " + database.name() + ": " + thrown.what()}};
    }
  }

  /// Takes one change of each job.
  static tl::expected<void, StoreError> write(const RocksDatabase& database,
                                              std::span<const JobChange> changes) {
    // RocksDB counts each comparison of keys for this thread otherwise, a tenth of the insertion.
    rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
    constexpr std::size_t usual_change = 1024;  // Bytes, with its entries in the indexes.
    rocksdb::WriteBatch batch{changes.size() * usual_change};
    rocksdb::Status added;
    for (const auto& change : changes) {
      if (added.ok()) added = remove_old(batch, database, change);
    }
    for (const auto& change : changes) {
      if (added.ok()) added = add_new(batch, database, change);
    }
    return write(database, batch, added);
  }

  /// `added` says whether the batch could be put together.
  static tl::expected<void, StoreError> write(const RocksDatabase& database,
                                              rocksdb::WriteBatch& batch,
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

  static tl::expected<std::string, StoreError> read_operator_state(const RocksDatabase& database) {
    std::string text;
    const auto status = database.db().Get({}, database.meta(), operators_key, &text);
    if (status.ok()) return text;
    if (status.IsNotFound()) return std::string{};
    return tl::unexpected{error_from_status(status, "cannot read " + database.name())};
  }

  /// The record as it is stored; nullopt where there is none of that id.
  static tl::expected<std::optional<std::string>, StoreError> read_record(
      const RocksDatabase& database, const rocksdb::ReadOptions& options, const jobs::JobId& id) {
    std::string record;
    const auto status = database.db().Get(options, database.jobs(), job_key(id), &record);
    if (status.ok()) return record;
    if (status.IsNotFound()) return std::nullopt;
    return tl::unexpected{
        error_from_status(status, "cannot read job " + id.to_string() + " in " + database.name())};
  }

  /// The job of a record, or what is wrong with it.
  static tl::expected<jobs::Job, std::string> decode(const RocksDatabase& database,
                                                     const jobs::JobId& id,
                                                     std::string_view record) {
    const auto what = "cannot read job " + id.to_string() + " in " + database.name() + ": ";
    auto job = unpack_job(record);
    if (!job) return tl::unexpected{what + job.error()};
    if (job->id != id) return tl::unexpected{what + "it holds job " + job->id.to_string()};
    return std::move(*job);
  }

  /// Visits the jobs of an index in its order from the key `first`, all as of one moment, while
  /// `wanted` says so of the next key. `key_of` gives the key that a job ought to have in that
  /// index.
  static tl::expected<Damage, StoreError> walk_index(
      const RocksDatabase& database, rocksdb::ColumnFamilyHandle* index, const std::string& first,
      KeyOf key_of, const std::function<bool(std::string_view)>& wanted,
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
      if (!id) return corrupt(database.name() + " has an index entry without a job id");
      const auto record = read_record(database, options, *id);
      if (!record) return tl::unexpected{record.error()};
      auto job = *record ? decode(database, *id, **record)
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

  std::unique_ptr<RocksSession> session_;
  std::vector<JobChange> doubtful_;  ///< Of the latest failed commit.
  /// What put_operator_state() was to replace when it failed.
  std::optional<std::string> doubtful_operator_state_;
};

}  // namespace

tl::expected<std::unique_ptr<JobStore>, StoreError> open_rocks_job_store(
    const std::filesystem::path& directory, const RocksOptions& options) {
  auto session = RocksSession::open(directory, options);
  if (!session) return tl::unexpected{session.error()};
  return std::make_unique<RocksJobStore>(std::move(*session));
}

}  // namespace darkroom::persistence
