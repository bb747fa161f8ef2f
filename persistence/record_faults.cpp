#include "persistence/record_faults.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include <rocksdb/db.h>

#include "persistence/index_keys.hpp"
#include "persistence/record_keys.hpp"
#include "persistence/rocks_reading.hpp"
#include "persistence/rocks_status.hpp"

namespace darkroom::persistence {
namespace {

using Visit = std::function<bool(const IndexFault&)>;

/// Looks at the records and entries of one kind.
class RecordCheck {
 public:
  RecordCheck(const RocksDatabase& database, Record kind, const Visit& visit)
      : database_(database), kind_(kind), visit_(visit) {}

  /// False where no more is wanted.
  tl::expected<bool, StoreError> run() {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    const std::unique_ptr<rocksdb::Iterator> entry{
        database_.db().NewIterator(options, database_.family_of(kind_))};
    for (entry->SeekToFirst(); entry->Valid() && wanted_; entry->Next()) {
      const auto key = entry->key().ToStringView();
      const auto id = id_of_index_key(key);
      if (!id) {
        report({}, "has an entry that names nothing");
      } else if (key == record_key(kind_, *id)) {
        if (auto checked = check_record(*id, entry->value().ToStringView()); !checked)
          return tl::unexpected{checked.error()};
      } else if (auto checked = check_entry(*id, key); !checked) {
        return tl::unexpected{checked.error()};
      }
    }
    if (entry->status().ok()) return wanted_;
    return tl::unexpected{error_from_status(entry->status(), "cannot read " + database_.name())};
  }

 private:
  tl::expected<std::optional<std::string>, StoreError> read(const std::string& key) const {
    return read_value(database_, {}, database_.family_of(kind_), key, name_);
  }

  void report(const jobs::JobId& id, const std::string& what) {
    wanted_ = visit_({id, name_ + " " + what});
  }

  tl::expected<void, StoreError> check_record(const jobs::JobId& id, std::string_view record) {
    const auto keys = record_index_keys(kind_, record);
    if (!keys) {
      report(id, "has a record that cannot be read: " + keys.error());
      return {};
    }
    for (const auto& key : *keys) {
      const auto entry = read(key);
      if (!entry) return tl::unexpected{entry.error()};
      if (!*entry && wanted_) report(id, std::string{"lacks its entry "} + key.front());
    }
    return {};
  }

  tl::expected<void, StoreError> check_entry(const jobs::JobId& id, std::string_view key) {
    const auto record = read(record_key(kind_, id));
    if (!record) return tl::unexpected{record.error()};
    if (!*record) {
      report(id, std::string{"has an entry "} + key.front() + " without a record");
      return {};
    }
    const auto keys = record_index_keys(kind_, **record);
    if (keys && std::ranges::find(*keys, key) == keys->end())
      report(id, std::string{"has an entry "} + key.front() + " that does not fit its record");
    return {};
  }

  const RocksDatabase& database_;
  Record kind_;
  const Visit& visit_;
  std::string name_ = kind_ == Record::batch ? "the batch" : "the delivery";
  bool wanted_ = true;
};

}  // namespace

tl::expected<void, StoreError> for_each_record_fault(const RocksDatabase& database,
                                                     const Visit& visit) {
  for (const auto kind : {Record::batch, Record::delivery}) {
    // A store of an older schema has none.
    if (database.family_of(kind) == nullptr) continue;
    const auto goes_on = RecordCheck{database, kind, visit}.run();
    if (!goes_on) return tl::unexpected{goes_on.error()};
    if (!*goes_on) break;
  }
  return {};
}

}  // namespace darkroom::persistence
