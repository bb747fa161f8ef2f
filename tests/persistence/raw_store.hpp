#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
}  // namespace rocksdb

namespace darkroom::persistence {

/// A store's RocksDB with all its column families, opened past our own code.
class RawStore {
 public:
  explicit RawStore(const std::filesystem::path& directory);
  ~RawStore();
  RawStore(const RawStore&) = delete;
  RawStore& operator=(const RawStore&) = delete;
  RawStore(RawStore&&) = delete;
  RawStore& operator=(RawStore&&) = delete;

  void put(const std::string& family, const std::string& key, const std::string& value);
  void remove(const std::string& family, const std::string& key);
  [[nodiscard]] std::vector<std::string> keys(const std::string& family);
  void add_family(const std::string& name);
  void drop_family(const std::string& name);

 private:
  [[nodiscard]] rocksdb::ColumnFamilyHandle* family(const std::string& name) const;

  std::unique_ptr<rocksdb::DB> db_;
  std::vector<std::unique_ptr<rocksdb::ColumnFamilyHandle>> handles_;
};

}  // namespace darkroom::persistence
