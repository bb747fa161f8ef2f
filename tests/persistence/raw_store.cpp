#include "tests/persistence/raw_store.hpp"

#include <stdexcept>

#include <rocksdb/db.h>

namespace darkroom::persistence {
namespace {

void check(const rocksdb::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

}  // namespace

RawStore::RawStore(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  check(rocksdb::DB::ListColumnFamilies({}, directory.string(), &names));
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.reserve(names.size());
  for (const auto& name : names)
    families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  check(rocksdb::DB::Open({}, directory.string(), families, &handles, &db));
  db_.reset(db);
  for (auto* handle : handles)
    handles_.emplace_back(handle);
}

RawStore::~RawStore() = default;

rocksdb::ColumnFamilyHandle* RawStore::family(const std::string& name) const {
  for (const auto& handle : handles_) {
    if (handle->GetName() == name) return handle.get();
  }
  throw std::runtime_error("no column family " + name);
}

void RawStore::put(const std::string& name, const std::string& key, const std::string& value) {
  check(db_->Put({}, family(name), key, value));
}

void RawStore::remove(const std::string& name, const std::string& key) {
  check(db_->Delete({}, family(name), key));
}

std::vector<std::string> RawStore::keys(const std::string& name) {
  std::vector<std::string> found;
  const std::unique_ptr<rocksdb::Iterator> entry{db_->NewIterator({}, family(name))};
  for (entry->SeekToFirst(); entry->Valid(); entry->Next())
    found.push_back(entry->key().ToString());
  check(entry->status());
  return found;
}

void RawStore::add_family(const std::string& name) {
  rocksdb::ColumnFamilyHandle* handle = nullptr;
  check(db_->CreateColumnFamily({}, name, &handle));
  handles_.emplace_back(handle);
}

void RawStore::drop_family(const std::string& name) {
  auto* const dropped = family(name);
  check(db_->DropColumnFamily(dropped));
  std::erase_if(handles_, [&](const auto& handle) { return handle.get() == dropped; });
}

}  // namespace darkroom::persistence
