#include "persistence/rocks_database.hpp"

#include <algorithm>
#include <charconv>
#include <exception>

#include <rocksdb/db.h>

#include "persistence/directories.hpp"
#include "persistence/rocks_migration.hpp"
#include "persistence/rocks_settings.hpp"
#include "persistence/rocks_status.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

constexpr const char* schema_key = "schema";

std::string name_of(const fs::path& directory) {
  return "the job store in " + directory.string();
}

tl::unexpected<StoreError> corrupt(const std::string& message) {
  return tl::unexpected{
      StoreError{.code = StoreErrorCode::corrupt, .message = message + std::string{damage_remedy}}};
}

/// Whether `directory` holds a store. Without its file CURRENT RocksDB would begin a new one over
/// the data of the old, so data without CURRENT is an error. (A store that died while it was being
/// made has neither: CURRENT comes first.)
tl::expected<bool, StoreError> holds_store(const fs::path& directory) {
  std::error_code error;
  bool has_data = false;
  for (fs::directory_iterator entry{directory, error}; !error && entry != fs::directory_iterator{};
       entry.increment(error)) {
    const auto file = entry->path();
    if (file.filename() == "CURRENT") return true;
    has_data = has_data || file.extension() == ".sst" || file.extension() == ".log";
  }
  if (error) {
    return tl::unexpected{error_from_errno(error.value(), "cannot list " + directory.string())};
  }
  if (has_data) return corrupt(name_of(directory) + " has data but no file CURRENT");
  return false;
}

std::vector<rocksdb::ColumnFamilyDescriptor> families_to_open(const fs::path& directory,
                                                              const rocksdb::Options& settings,
                                                              bool exists) {
  std::vector<std::string> names{rocksdb::kDefaultColumnFamilyName};
  if (exists) {
    // This takes no lock and fails beside a process that is just opening the store, as it does for
    // a damaged one. Which of the two it is, the opening that follows will say.
    const auto listed = rocksdb::DB::ListColumnFamilies(settings, directory.string(), &names);
    if (!listed.ok()) names = {rocksdb::kDefaultColumnFamilyName};
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.reserve(names.size());
  for (const auto& name : names)
    families.emplace_back(name, settings);
  return families;
}

}  // namespace

RocksDatabase::RocksDatabase(const fs::path& directory, std::unique_ptr<rocksdb::DB> db,
                             const std::vector<rocksdb::ColumnFamilyHandle*>& handles)
    : name_(name_of(directory)), db_(std::move(db)), handles_(handles.begin(), handles.end()) {}

RocksDatabase::~RocksDatabase() = default;

tl::expected<std::unique_ptr<RocksDatabase>, StoreError> RocksDatabase::open(
    const fs::path& directory, const RocksOptions& options, const Report& report) try {
  if (auto made = make_directories(directory); !made) return tl::unexpected{made.error()};
  const auto exists = holds_store(directory);
  if (!exists) return tl::unexpected{exists.error()};
  HeldStore::remove_stale(directory);

  auto settings = rocks_settings(options);
  settings.create_if_missing = !*exists;
  const auto families = families_to_open(directory, settings, *exists);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const auto opened = rocksdb::DB::Open(settings, directory.string(), families, &handles, &db);
  if (!opened.ok()) {
    auto error = error_from_status(opened, "cannot open " + name_of(directory));
    // One of its files is gone, or CURRENT names one that never was.
    if (*exists && (opened.IsPathNotFound() || opened.IsNotFound())) {
      error.code = StoreErrorCode::corrupt;
      error.message += damage_remedy;
    }
    return tl::unexpected{std::move(error)};
  }
  auto database =
      std::make_unique<RocksDatabase>(directory, std::unique_ptr<rocksdb::DB>{db}, handles);
  if (auto adopted = database->adopt_schema(report); !adopted) {
    return tl::unexpected{adopted.error()};
  }
  return database;
} catch (const std::exception& exception) {  // no memory, or no thread to be had
  return tl::unexpected{
      StoreError{.code = StoreErrorCode::unwritable,
                 .message = "cannot open " + name_of(directory) + ": " + exception.what()}};
}

tl::expected<std::optional<int>, StoreError> RocksDatabase::check_schema() const {
  std::string text;
  const auto read = db_->Get({}, db_->DefaultColumnFamily(), schema_key, &text);
  if (!read.ok() && !read.IsNotFound()) {
    return tl::unexpected{error_from_status(read, "cannot read " + name_)};
  }
  if (read.ok()) {
    int version = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), version);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size() || version < 1) {
      return corrupt(name_ + " has a schema version that is not a number");
    }
    if (version > schema) {
      return tl::unexpected{StoreError{
          .code = StoreErrorCode::newer,
          .message = name_ + " has schema version " + text +
                     ", and this version of Darkroom knows up to " + std::to_string(schema) +
                     "; start the version that wrote it, or a newer one"}};
    }
    return version;
  }
  // Nothing but a store that died while it was being made may lack its version.
  const auto empty = is_empty();
  if (!empty) return tl::unexpected{empty.error()};
  if (!*empty) return corrupt(name_ + " has data but no schema version, so it is not Darkroom's");
  return std::nullopt;
}

tl::expected<void, StoreError> RocksDatabase::adopt_schema(const Report& report) {
  const auto version = check_schema();
  if (!version) return tl::unexpected{version.error()};
  if (*version != schema) {
    if (auto dropped = drop_half_made(); !dropped) return dropped;
  }

  meta_ = db_->DefaultColumnFamily();
  for (const auto& [name, handle] :
       {std::pair{"jobs", &jobs_}, std::pair{"ready", &ready_}, std::pair{"expiry", &expiry_},
        std::pair{"failed", &failed_}, std::pair{"idempotency", &idempotency_},
        std::pair{"results", &results_}, std::pair{"finished", &finished_},
        std::pair{"listing", &listing_}, std::pair{"batches", &batches_},
        std::pair{"outbox", &outbox_}}) {
    const auto found = find_or_create(name);
    if (!found) return tl::unexpected{found.error()};
    *handle = *found;
  }
  version_ = schema;
  if (*version == schema) return {};
  if (*version) {
    if (auto indexed = fill_new_indexes(*this, **version, report); !indexed) return indexed;
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const auto written = db_->Put(synced, meta_, schema_key, std::to_string(schema));
  if (!written.ok()) return tl::unexpected{error_from_status(written, "cannot write " + name_)};
  return {};
}

tl::expected<void, StoreError> RocksDatabase::drop_half_made() {
  for (const auto* name : {"finished", "listing"}) {
    const auto handle =
        std::ranges::find_if(handles_, [&](const auto& known) { return known->GetName() == name; });
    if (handle == handles_.end()) continue;
    const auto dropped = db_->DropColumnFamily(handle->get());
    if (!dropped.ok()) return tl::unexpected{error_from_status(dropped, "cannot change " + name_)};
    handles_.erase(handle);
  }
  return {};
}

tl::expected<bool, StoreError> RocksDatabase::is_empty() const {
  for (const auto& handle : handles_) {
    const std::unique_ptr<rocksdb::Iterator> entry{db_->NewIterator({}, handle.get())};
    entry->SeekToFirst();
    if (entry->Valid()) return false;
    if (!entry->status().ok()) {
      return tl::unexpected{error_from_status(entry->status(), "cannot read " + name_)};
    }
  }
  return true;
}

tl::expected<rocksdb::ColumnFamilyHandle*, StoreError> RocksDatabase::find_or_create(
    const std::string& family) {
  for (const auto& handle : handles_) {
    if (handle->GetName() == family) return handle.get();
  }
  rocksdb::ColumnFamilyHandle* created = nullptr;
  // Those of a family that is open, not rocks_settings(), which would give it a cache of its own.
  const rocksdb::ColumnFamilyOptions settings = db_->GetOptions(db_->DefaultColumnFamily());
  const auto status = db_->CreateColumnFamily(settings, family, &created);
  if (!status.ok()) {
    return tl::unexpected{error_from_status(status, "cannot make a part of " + name_)};
  }
  handles_.emplace_back(created);
  return created;
}

}  // namespace darkroom::persistence
