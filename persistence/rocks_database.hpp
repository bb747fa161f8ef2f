#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "persistence/error.hpp"
#include "persistence/job_store.hpp"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
}  // namespace rocksdb

namespace darkroom::persistence {

/// An open RocksDB with the column families of index_keys.hpp, plus `default`, which holds what is
/// known of the store itself: "schema" (its version in decimal) and "writable" (see
/// JobStore::check_writable).
class RocksDatabase {
 public:
  /// Version of the column families and their keys that this code writes.
  ///
  ///   1  the first: jobs, ready, expiry
  ///   2  failed, idempotency, results
  static constexpr int schema = 2;

  /// As open_rocks_job_store().
  [[nodiscard]] static tl::expected<std::unique_ptr<RocksDatabase>, StoreError> open(
      const std::filesystem::path& directory, const RocksOptions& options);

  /// For open(). Takes over `handles`, all that `db` has.
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

  /// "the job store in <directory>", for messages.
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  [[nodiscard]] tl::expected<void, StoreError> adopt_schema(const RocksOptions& options);
  /// Fills the indexes that came with schema 2; what is there of them already is harmless.
  [[nodiscard]] tl::expected<void, StoreError> index_failed_jobs();
  [[nodiscard]] tl::expected<bool, StoreError> is_empty() const;
  [[nodiscard]] tl::expected<rocksdb::ColumnFamilyHandle*, StoreError> find_or_create(
      const std::string& family, const RocksOptions& options);

  std::string name_;
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
};

}  // namespace darkroom::persistence
