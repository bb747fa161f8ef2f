#include <limits>
#include <utility>

#include <rocksdb/db.h>

#include "persistence/index_keys.hpp"
#include "persistence/job_store.hpp"
#include "persistence/packed_job.hpp"
#include "persistence/record_keys.hpp"
#include "persistence/rocks_backup.hpp"
#include "persistence/rocks_database.hpp"
#include "persistence/rocks_memory.hpp"
#include "persistence/rocks_reading.hpp"
#include "persistence/rocks_session.hpp"
#include "persistence/rocks_status.hpp"
#include "persistence/rocks_writing.hpp"

namespace darkroom::persistence {
namespace {

tl::unexpected<StoreError> corrupt(std::string message) {
  return tl::unexpected{corrupt_store(std::move(message))};
}

class RocksJobStore final : public JobStore {
 public:
  explicit RocksJobStore(std::unique_ptr<RocksSession> session) : session_(std::move(session)) {}

  tl::expected<void, StoreError> commit(const WriteSet& changes) override {
    if (auto checked = check_changes(changes.jobs); !checked) return checked;
    if (auto checked = check_changes(changes.records); !checked) return checked;
    const auto database = ready_to_write();
    if (!database) return tl::unexpected{database.error()};
    WriteSet net{.jobs = net_changes(changes.jobs), .records = net_changes(changes.records)};
    auto written = write_changes(**database, net);
    if (!written) {
      session_->note_failure(written.error());
      doubtful_ = std::move(net);
    }
    return written;
  }

  tl::expected<std::optional<jobs::Job>, StoreError> get(const jobs::JobId& id) const override {
    return reading([&](const RocksDatabase& database) { return read_job(database, id); });
  }

  tl::expected<FoundJobs, StoreError> list(const std::optional<jobs::JobId>& before,
                                           std::size_t limit) const override {
    return reading([&](const RocksDatabase& d) { return list_jobs(d, before, limit); });
  }

  tl::expected<FoundPage, StoreError> find(const JobFilter& filter,
                                           const std::optional<jobs::JobId>& before,
                                           std::size_t limit) const override {
    return reading([&](const RocksDatabase& d) { return find_jobs(d, filter, before, limit); });
  }

  tl::expected<FoundJobs, StoreError> finished_since(std::uint64_t revision,
                                                     std::size_t limit) const override {
    if (revision == std::numeric_limits<std::uint64_t>::max()) return FoundJobs{};
    return reading([&](const RocksDatabase& database) {
      return collect(database, database.finished(), revision_key(revision + 1), finished_key,
                     limit);
    });
  }

  tl::expected<std::uint64_t, StoreError> last_revision() const override {
    return reading(read_last_revision);
  }

  tl::expected<std::optional<std::string>, StoreError> record(
      Record kind, const jobs::JobId& id) const override {
    return reading([&](const RocksDatabase& database) {
      return read_value(database, {}, database.family_of(kind), record_key(kind, id),
                        "record " + id.to_string());
    });
  }

  tl::expected<std::vector<jobs::Delivery>, StoreError> deliveries_of(
      const jobs::JobId& subject, std::size_t limit) const override {
    return reading([&](const RocksDatabase& d) { return read_deliveries_of(d, subject, limit); });
  }

  tl::expected<DueDeliveries, StoreError> due_deliveries(jobs::Timestamp now,
                                                         const std::optional<DuePlace>& behind,
                                                         std::size_t limit) const override {
    return reading(
        [&](const RocksDatabase& d) { return read_due_deliveries(d, now, behind, limit); });
  }

  tl::expected<void, StoreError> for_each_pending_delivery(
      const std::function<void(const jobs::JobId&)>& visit) const override {
    return reading([&](const RocksDatabase& d) { return read_pending_deliveries(d, visit); });
  }

  tl::expected<std::vector<RecordChange>, StoreError> expired_records(
      Record kind, jobs::Timestamp now, std::size_t limit) const override {
    return reading(
        [&](const RocksDatabase& d) { return read_expired_records(d, kind, now, limit); });
  }

  tl::expected<std::vector<jobs::JobId>, StoreError> open_batches() const override {
    return reading([](const RocksDatabase& d) { return read_open_batches(d); });
  }

  tl::expected<Damage, StoreError> for_each_unfinished(
      const std::function<void(jobs::Job)>& visit) const override {
    const auto always = [](std::string_view) { return true; };
    return reading([&](const RocksDatabase& database) {
      return walk_index(database, database.ready(), {}, ready_key, always, visit);
    });
  }

  tl::expected<FoundJobs, StoreError> expired(jobs::Timestamp now,
                                              std::size_t limit) const override {
    return reading([&](const RocksDatabase& database) {
      return collect(database, database.expiry(), {}, expiry_key, limit, time_key(now));
    });
  }

  tl::expected<FoundJobs, StoreError> failed(const std::optional<jobs::JobId>& after,
                                             std::size_t limit) const override {
    // The smallest key behind that of `after`.
    const auto first = after ? job_key(*after) + '\0' : std::string{};
    return reading([&](const RocksDatabase& database) {
      return collect(database, database.failed(), first, failed_key, limit);
    });
  }

  tl::expected<std::optional<jobs::Job>, StoreError> with_idempotency_key(
      std::string_view tenant, std::string_view key) const override {
    return reading(
        [&](const RocksDatabase& database) -> tl::expected<std::optional<jobs::Job>, StoreError> {
          const auto id = read_value(database, {}, database.idempotency(),
                                     idempotency_key(tenant, key), "an idempotency key");
          if (!id) return tl::unexpected{id.error()};
          if (!*id) return std::nullopt;
          const auto job = id_of_index_key(**id);
          if (!job) return corrupt(database.name() + " has an idempotency key without a job id");
          return read_job(database, *job);
        });
  }

  tl::expected<std::optional<jobs::Job>, StoreError> with_results_for(
      const jobs::Job& wish) const override {
    return reading(
        [&](const RocksDatabase& database) -> tl::expected<std::optional<jobs::Job>, StoreError> {
          const auto hash = results_hash(wish);
          const std::unique_ptr<rocksdb::Iterator> entry{
              database.db().NewIterator({}, database.results())};
          entry->SeekForPrev(hash + std::string(sizeof(jobs::JobId::Bytes), '\xff'));
          if (!entry->status().ok()) {
            return tl::unexpected{
                error_from_status(entry->status(), "cannot read " + database.name())};
          }
          if (!entry->Valid() || !entry->key().starts_with(hash)) return std::nullopt;
          const auto job = id_of_index_key(entry->key().ToStringView());
          if (!job) return corrupt(database.name() + " has an index entry without a job id");
          return read_job(database, *job);
        });
  }

  tl::expected<std::string, StoreError> text(std::string_view name) const override {
    return reading([&](const RocksDatabase& database) { return read_text(database, name); });
  }

  tl::expected<void, StoreError> put_text(std::string_view name, std::string_view text) override {
    const auto database = ready_to_write();
    if (!database) return tl::unexpected{database.error()};
    auto before = read_text(**database, name);
    if (!before) return tl::unexpected{before.error()};
    auto written = write_text(**database, name, text);
    if (!written) {
      session_->note_failure(written.error());
      doubtful_text_ = Text{.name = std::string{name}, .before = std::move(*before)};
    }
    return written;
  }

  tl::expected<void, StoreError> check_writable() override {
    const auto database = ready_to_write();
    if (!database) return tl::unexpected{database.error()};
    auto written = write_text(**database, "writable", "");
    if (!written) session_->note_failure(written.error());
    return written;
  }

  tl::expected<JobStoreBackup, StoreError> back_up(const std::filesystem::path& folder,
                                                   const GoesOn& goes_on) const override {
    const auto unhindered = [&] { return !session_->is_failing() && goes_on(); };
    return reading([&](const RocksDatabase& d) { return back_up_database(d, folder, unhindered); });
  }

  std::optional<StoreMemory> memory() const override {
    const auto database = session_->for_reading();
    if (!database) return std::nullopt;
    return memory_of(**database, session_->options());
  }

 private:
  struct Text {
    std::string name;
    std::string before;
  };

  /// What `read` says of the database, or why there is none.
  template <class Read>
  auto reading(const Read& read) const -> decltype(read(std::declval<const RocksDatabase&>())) {
    const auto database = session_->for_reading();
    if (!database) return tl::unexpected{database.error()};
    return read(**database);
  }

  /// At most `limit` jobs of an index from the key `first`, as long as the keys begin with `last`
  /// or less.
  static tl::expected<FoundJobs, StoreError> collect(const RocksDatabase& database,
                                                     rocksdb::ColumnFamilyHandle* index,
                                                     const std::string& first, KeyOf key_of,
                                                     std::size_t limit,
                                                     const std::string& last = {}) {
    FoundJobs found;
    const auto wanted = [&](std::string_view key) {
      return found.jobs.size() < limit && (last.empty() || key.substr(0, last.size()) <= last);
    };
    auto walked = walk_index(database, index, first, key_of, wanted,
                             [&](jobs::Job job) { found.jobs.push_back(std::move(job)); });
    if (!walked) return tl::unexpected{walked.error()};
    found.damaged = std::move(*walked);
    return found;
  }

  tl::expected<RocksSession::Database, StoreError> ready_to_write() {
    return session_->for_writing(
        [this](const RocksDatabase& opened) { return undo_doubtful(opened); });
  }

  /// A failed commit has told its caller that nothing was applied. Where its record had reached the
  /// log all the same, and only the syncing failed, opening the database again has applied it: so
  /// it is undone before anybody reads it.
  tl::expected<void, StoreError> undo_doubtful(const RocksDatabase& database) {
    WriteSet undone;
    for (const auto& change : doubtful_.jobs) {
      const auto& id = change.before ? change.before->id : change.after->id;
      const auto record = read_record(database, {}, id);
      if (!record) return tl::unexpected{record.error()};
      const auto promised = change.after ? std::optional{pack_job(*change.after)} : std::nullopt;
      if (*record == promised)
        undone.jobs.push_back({.before = change.after, .after = change.before});
    }
    for (const auto& change : doubtful_.records) {
      const auto record =
          read_value(database, {}, database.family_of(change.kind),
                     record_key(change.kind, change.id), "record " + change.id.to_string());
      if (!record) return tl::unexpected{record.error()};
      if (*record == change.after) {
        undone.records.push_back(
            {.kind = change.kind, .id = change.id, .before = change.after, .after = change.before});
      }
    }
    if (auto written = write_changes(database, undone); !written) return written;
    doubtful_ = {};
    if (!doubtful_text_) return {};
    auto written = write_text(database, doubtful_text_->name, doubtful_text_->before);
    if (written) doubtful_text_.reset();
    return written;
  }

  std::unique_ptr<RocksSession> session_;
  WriteSet doubtful_;                  ///< Of the latest failed commit.
  std::optional<Text> doubtful_text_;  ///< What put_text() was to replace when it failed.
};

}  // namespace

tl::expected<std::unique_ptr<JobStore>, StoreError> open_rocks_job_store(
    const std::filesystem::path& directory, const RocksOptions& options, const Report& report) {
  auto session = RocksSession::open(directory, options, report);
  if (!session) return tl::unexpected{session.error()};
  return std::make_unique<RocksJobStore>(std::move(*session));
}

}  // namespace darkroom::persistence
