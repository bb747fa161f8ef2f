#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "persistence/error.hpp"
#include "persistence/held_store.hpp"
#include "persistence/job_store.hpp"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
}  // namespace rocksdb

namespace darkroom::persistence {

/// An open RocksDB with the column families of index_keys.hpp, plus `default`, which holds what is
/// known of the store itself: "schema" (its version in decimal), "writable" (see
/// JobStore::check_writable), and the texts of JobStore::text.
class RocksDatabase {
 public:
  /// Version of the column families and their keys that this code writes.
  ///
  ///   1  the first: jobs, ready, expiry
  ///   2  failed, idempotency, results; packed records
  ///   3  listing, finished, batches; a tenant's own keys in idempotency and results
  static constexpr int schema = 3;

  /// As open_rocks_job_store().
  [[nodiscard]] static tl::expected<std::unique_ptr<RocksDatabase>, StoreError> open(
      const std::filesystem::path& directory, const RocksOptions& options,
      const Report& report = {});

  /// Opens the store as it is at this moment, for reading only. Takes no lock and writes nothing
  /// but second names of its files (HeldStore), so it works beside the process that has the store
  /// open; what that one changes later is not seen. Refuses what open() refuses, and a folder
  /// without a store (not_found).
  [[nodiscard]] static tl::expected<std::unique_ptr<RocksDatabase>, StoreError> open_for_reading(
      const std::filesystem::path& directory, const RocksOptions& options);

  /// The same for backup `id` in `folder`, made by back_up_database().
  [[nodiscard]] static tl::expected<std::unique_ptr<RocksDatabase>, StoreError> open_backup(
      const std::filesystem::path& folder, std::uint32_t id, const RocksOptions& options);

  /// For those above. Takes over `handles`, all that `db` has.
  RocksDatabase(const std::filesystem::path& directory, std::unique_ptr<rocksdb::DB> db,
                const std::vector<rocksdb::ColumnFamilyHandle*>& handles);
  RocksDatabase(const RocksDatabase&) = delete;
  RocksDatabase& operator=(const RocksDatabase&) = delete;
  RocksDatabase(RocksDatabase&&) = delete;
  RocksDatabase& operator=(RocksDatabase&&) = delete;
  ~RocksDatabase();

  [[nodiscard]] rocksdb::DB& db() const { return *db_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* meta() const { return meta_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* jobs() const { return jobs_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* ready() const { return ready_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* expiry() const { return expiry_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* failed() const { return failed_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* idempotency() const { return idempotency_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* results() const { return results_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* finished() const { return finished_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* listing() const { return listing_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* batches() const { return batches_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* outbox() const { return outbox_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* family_of(Record kind) const {
    return kind == Record::batch ? batches_ : outbox_;
  }

  /// The schema that the store has; less than `schema` where it is only read.
  [[nodiscard]] int version() const { return version_; }

  /// All that are open, those that this version has no use for among them.
  [[nodiscard]] const std::vector<std::unique_ptr<rocksdb::ColumnFamilyHandle>>& families() const {
    return handles_;
  }

  /// "the job store in <directory>", for messages.
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  /// The version of the store, or none where it has no version; an error where it is one that this
  /// code cannot read.
  [[nodiscard]] tl::expected<std::optional<int>, StoreError> check_schema() const;
  /// For a store that is read only: check_schema(), and finds the column families.
  [[nodiscard]] tl::expected<void, StoreError> find_families();
  [[nodiscard]] tl::expected<void, StoreError> adopt_schema(const Report& report);
  /// Drops what an opening that was cut off has left in the indexes that came with schema 3: an
  /// older version may have changed jobs since, and not these.
  [[nodiscard]] tl::expected<void, StoreError> drop_half_made();
  [[nodiscard]] tl::expected<bool, StoreError> is_empty() const;
  [[nodiscard]] tl::expected<rocksdb::ColumnFamilyHandle*, StoreError> find_or_create(
      const std::string& family);

  std::string name_;
  std::shared_ptr<rocksdb::Env> env_;  ///< Of a backup; must outlive db_.
  std::unique_ptr<HeldStore> held_;    ///< Of a store opened for reading; must outlive db_.
  std::unique_ptr<rocksdb::DB> db_;
  /// All that are open, among them any that this version has no use for. Destroyed before db_.
  std::vector<std::unique_ptr<rocksdb::ColumnFamilyHandle>> handles_;
  rocksdb::ColumnFamilyHandle* meta_ = nullptr;
  rocksdb::ColumnFamilyHandle* jobs_ = nullptr;
  rocksdb::ColumnFamilyHandle* ready_ = nullptr;
  rocksdb::ColumnFamilyHandle* expiry_ = nullptr;
  rocksdb::ColumnFamilyHandle* failed_ = nullptr;
  rocksdb::ColumnFamilyHandle* idempotency_ = nullptr;
  rocksdb::ColumnFamilyHandle* results_ = nullptr;
  rocksdb::ColumnFamilyHandle* finished_ = nullptr;
  rocksdb::ColumnFamilyHandle* listing_ = nullptr;
  rocksdb::ColumnFamilyHandle* batches_ = nullptr;
  rocksdb::ColumnFamilyHandle* outbox_ = nullptr;
  int version_ = 0;
};

}  // namespace darkroom::persistence
