#include <rocksdb/db.h>
#include <rocksdb/snapshot.h>
#include <rocksdb/write_batch.h>

#include "persistence/index_keys.hpp"
#include "persistence/job_record.hpp"
#include "persistence/job_store.hpp"
#include "persistence/rocks_database.hpp"
#include "persistence/rocks_status.hpp"

namespace darkroom::persistence {
namespace {

using OptionalKey = std::optional<std::string>;

tl::unexpected<StoreError> corrupt(std::string message) {
  message += damage_remedy;
  return tl::unexpected{StoreError{.code = StoreErrorCode::corrupt, .message = std::move(message)}};
}

/// Turns the entry `before` of an index into `after`; writes nothing where they are the same.
rocksdb::Status replace_entry(rocksdb::WriteBatch& batch, rocksdb::ColumnFamilyHandle* index,
                              const OptionalKey& before, const OptionalKey& after) {
  if (before == after) return rocksdb::Status::OK();
  if (before) {
    if (auto status = batch.Delete(index, *before); !status.ok()) return status;
  }
  return after ? batch.Put(index, *after, rocksdb::Slice{}) : rocksdb::Status::OK();
}

class RocksJobStore final : public JobStore {
 public:
  explicit RocksJobStore(std::unique_ptr<RocksDatabase> database)
      : database_(std::move(database)) {}

  tl::expected<void, StoreError> commit(std::span<const JobChange> changes) override {
    if (auto checked = check_changes(changes); !checked) return checked;
    rocksdb::WriteBatch batch;
    for (const auto& change : changes) {
      if (const auto added = add(batch, change); !added.ok()) {
        return tl::unexpected{error_from_status(added, "cannot change " + database_->name())};
      }
    }
    return write(batch);
  }

  tl::expected<std::optional<jobs::Job>, StoreError> get(const jobs::JobId& id) const override {
    return read({}, id);
  }

  tl::expected<void, StoreError> for_each_unfinished(
      const std::function<void(jobs::Job)>& visit) const override {
    const auto always = [](std::string_view) { return true; };
    return walk_index(database_->ready(), ready_key, always, visit);
  }

  tl::expected<std::vector<jobs::Job>, StoreError> expired(jobs::Timestamp now,
                                                           std::size_t limit) const override {
    std::vector<jobs::Job> due;
    const auto last = time_key(now);
    const auto wanted = [&](std::string_view key) {
      return due.size() < limit && key.substr(0, last.size()) <= last;
    };
    const auto collect = [&](jobs::Job job) { due.push_back(std::move(job)); };
    if (auto walked = walk_index(database_->expiry(), expiry_key, wanted, collect); !walked) {
      return tl::unexpected{walked.error()};
    }
    return due;
  }

  tl::expected<void, StoreError> check_writable() override {
    rocksdb::WriteBatch batch;
    if (const auto put = batch.Put(database_->meta(), "writable", ""); !put.ok()) {
      return tl::unexpected{error_from_status(put, "cannot change " + database_->name())};
    }
    return write(batch);
  }

 private:
  rocksdb::Status add(rocksdb::WriteBatch& batch, const JobChange& change) const {
    rocksdb::Status status;
    if (change.after) {
      status = batch.Put(database_->jobs(), job_key(change.after->id), encode_job(*change.after));
    } else if (change.before) {
      status = batch.Delete(database_->jobs(), job_key(change.before->id));
    }
    if (status.ok()) {
      status = replace_entry(batch, database_->ready(), ready_key(change.before),
                             ready_key(change.after));
    }
    if (status.ok()) {
      status = replace_entry(batch, database_->expiry(), expiry_key(change.before),
                             expiry_key(change.after));
    }
    return status;
  }

  /// After a write that failed for want of space RocksDB refuses all others until it has found
  /// space again, which it looks for every 5 s by itself; a commit from then on works. We do not
  /// call DB::Resume() to hurry it, because that blocks for as long as the disk stays full.
  tl::expected<void, StoreError> write(rocksdb::WriteBatch& batch) {
    rocksdb::WriteOptions synced;
    synced.sync = true;
    const auto status = database_->db().Write(synced, &batch);
    if (status.ok()) return {};
    return tl::unexpected{error_from_status(status, "cannot write " + database_->name())};
  }

  tl::expected<std::optional<jobs::Job>, StoreError> read(const rocksdb::ReadOptions& options,
                                                          const jobs::JobId& id) const {
    rocksdb::PinnableSlice record;
    const auto status = database_->db().Get(options, database_->jobs(), job_key(id), &record);
    if (status.IsNotFound()) return std::nullopt;
    const auto what = "cannot read job " + id.to_string() + " in " + database_->name();
    if (!status.ok()) return tl::unexpected{error_from_status(status, what)};
    auto job = decode_job(record.ToStringView());
    if (!job) return corrupt(what + ": " + job.error());
    if (job->id != id) return corrupt(what + ": it holds job " + job->id.to_string());
    return std::move(*job);
  }

  /// Visits the jobs of an index in its order, all as of one moment, while `wanted` says so of the
  /// next key. `key_of` gives the key that a job ought to have in that index.
  tl::expected<void, StoreError> walk_index(rocksdb::ColumnFamilyHandle* index,
                                            OptionalKey (*key_of)(const std::optional<jobs::Job>&),
                                            const std::function<bool(std::string_view)>& wanted,
                                            const std::function<void(jobs::Job)>& visit) const {
    rocksdb::ManagedSnapshot snapshot{&database_->db()};
    rocksdb::ReadOptions options;
    options.snapshot = snapshot.snapshot();
    const std::unique_ptr<rocksdb::Iterator> entry{database_->db().NewIterator(options, index)};
    for (entry->SeekToFirst(); entry->Valid(); entry->Next()) {
      const auto key = entry->key().ToStringView();
      if (!wanted(key)) return {};
      const auto id = id_of_index_key(key);
      if (!id) return corrupt(database_->name() + " has an index entry without a job id");
      auto job = read(options, *id);
      if (!job) return tl::unexpected{job.error()};
      if (key_of(*job) != key) {
        return corrupt(database_->name() + " has an index entry that does not fit job " +
                       id->to_string());
      }
      visit(std::move(**job));
    }
    if (entry->status().ok()) return {};
    return tl::unexpected{error_from_status(entry->status(), "cannot read " + database_->name())};
  }

  std::unique_ptr<RocksDatabase> database_;
};

}  // namespace

tl::expected<std::unique_ptr<JobStore>, StoreError> open_rocks_job_store(
    const std::filesystem::path& directory, const RocksOptions& options) {
  auto database = RocksDatabase::open(directory, options);
  if (!database) return tl::unexpected{database.error()};
  return std::make_unique<RocksJobStore>(std::move(*database));
}

}  // namespace darkroom::persistence
