#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/utilities/backup_engine.h>

#include "persistence/held_store.hpp"
#include "persistence/rocks_backup.hpp"
#include "persistence/rocks_database.hpp"
#include "persistence/rocks_settings.hpp"
#include "persistence/rocks_status.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

/// Under load the store's files come and go many times a second, and opening takes some
/// milliseconds, longer for large stores.
constexpr std::chrono::seconds patience{30};
constexpr std::chrono::milliseconds pause{5};
/// A failure that comes back this often while nothing has changed is no matter of luck.
constexpr int tries_of_a_standing_store = 3;

struct Opened {
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
};

tl::expected<Opened, rocksdb::Status> open_once(const std::string& directory,
                                                const rocksdb::Options& settings) {
  std::vector<std::string> names;
  auto status = rocksdb::DB::ListColumnFamilies(settings, directory, &names);
  if (!status.ok()) return tl::unexpected{status};
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.reserve(names.size());
  for (const auto& name : names)
    families.emplace_back(name, settings);
  Opened opened;
  rocksdb::DB* db = nullptr;
  status = rocksdb::DB::OpenForReadOnly(settings, directory, families, &opened.handles, &db);
  if (!status.ok()) return tl::unexpected{status};
  opened.db.reset(db);
  return opened;
}

void close(const Opened& opened) {
  for (auto* handle : opened.handles)
    opened.db->DestroyColumnFamilyHandle(handle);
}

/// Opens what could be held of the store, or the store itself where nothing can be held. In place
/// the service must change nothing meanwhile: otherwise RocksDB may read an older list of tables
/// and then, without a word, miss a log whose records have just gone to a new one. A table that is
/// missing it does notice.
tl::expected<Opened, rocksdb::Status> open_steadily(const fs::path& directory,
                                                    const rocksdb::Options& settings,
                                                    HeldStore& held) {
  using Taken = HeldStore::Taken;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  int tries_while_it_stood = 0;
  while (true) {
    const auto before = StoreFiles::list(directory);
    const auto taken = held.take();
    const bool is_last = tries_while_it_stood + 1 >= tries_of_a_standing_store;
    if (taken != Taken::changed || is_last) {
      const auto& place = taken == Taken::whole ? held.path() : directory;
      auto opened = open_once(place.string(), settings);
      const auto now = StoreFiles::list(directory);
      if (!opened && is_last && now.has_tables_of(before)) return opened;
      if (opened && taken == Taken::whole) {
        held.drop_logs();
        return opened;
      }
      if (opened && now.is_same_as(before)) return opened;
      if (opened) close(*opened);
    }
    if (StoreFiles::list(directory).has_tables_of(before)) ++tries_while_it_stood;
    if (std::chrono::steady_clock::now() > deadline) {
      return tl::unexpected{rocksdb::Status::Busy(
          "the service changes it faster than it can be opened; try again under less load")};
    }
    std::this_thread::sleep_for(pause);
  }
}

/// No folder, or nothing in it. One that has anything may be a damaged store.
bool is_missing(const fs::path& directory) {
  std::error_code error;
  const bool exists = fs::exists(directory, error);
  return !error && (!exists || (fs::is_empty(directory, error) && !error));
}

rocksdb::Options settings_for_reading(const RocksOptions& options) {
  auto settings = rocks_settings(options);
  settings.create_if_missing = false;
  // Opens every file at once and keeps it, so that none is missed when a compaction removes it.
  settings.max_open_files = -1;
  settings.skip_stats_update_on_db_open = true;
  return settings;
}

StoreError failure_to_open(const rocksdb::Status& status, const std::string& name) {
  auto error = error_from_status(status, "cannot open " + name);
  if (status.IsPathNotFound() || status.IsNotFound()) {
    error.code = StoreErrorCode::corrupt;
    error.message += damage_remedy;
  }
  return error;
}

}  // namespace

tl::expected<std::unique_ptr<RocksDatabase>, StoreError> RocksDatabase::open_for_reading(
    const fs::path& directory, const RocksOptions& options) try {
  const auto name = "the job store in " + directory.string();
  if (is_missing(directory)) {
    return tl::unexpected{
        StoreError{.code = StoreErrorCode::not_found,
                   .message = "there is no job store in " + directory.string() +
                              "; --storage-path names the folder that `darkroom serve` works in"}};
  }
  auto held = std::make_unique<HeldStore>(directory);
  auto opened = open_steadily(directory, settings_for_reading(options), *held);
  if (!opened) return tl::unexpected{failure_to_open(opened.error(), name)};
  auto database =
      std::make_unique<RocksDatabase>(directory, std::move(opened->db), opened->handles);
  database->held_ = std::move(held);
  if (auto found = database->find_families(); !found) return tl::unexpected{found.error()};
  return database;
} catch (const std::exception& exception) {
  return tl::unexpected{StoreError{
      .code = StoreErrorCode::unwritable,
      .message = "cannot open the job store in " + directory.string() + ": " + exception.what()}};
}

tl::expected<std::unique_ptr<RocksDatabase>, StoreError> RocksDatabase::open_backup(
    const fs::path& folder, std::uint32_t id, const RocksOptions& options) try {
  const auto name = "the backup in " + folder.string();
  rocksdb::BackupEngineReadOnly* raw = nullptr;
  const auto engine_opened = rocksdb::BackupEngineReadOnly::Open(
      rocksdb::BackupEngineOptions{fs::absolute(folder).string()}, rocksdb::Env::Default(), &raw);
  if (!engine_opened.ok()) return tl::unexpected{failure_to_open(engine_opened, name)};
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine{raw};
  rocksdb::BackupInfo info;
  const auto found = engine->GetBackupInfo(id, &info, true);
  if (!found.ok()) return tl::unexpected{failure_to_open(found, name)};

  auto settings = settings_for_reading(options);
  settings.env = info.env_for_open.get();
  auto opened = open_once(info.name_for_open, settings);
  if (!opened) return tl::unexpected{failure_to_open(opened.error(), name)};
  auto database = std::make_unique<RocksDatabase>(folder, std::move(opened->db), opened->handles);
  database->name_ = name;
  database->env_ = info.env_for_open;
  if (auto families = database->find_families(); !families) {
    return tl::unexpected{families.error()};
  }
  return database;
} catch (const std::exception& exception) {
  return tl::unexpected{StoreError{
      .code = StoreErrorCode::unwritable,
      .message = "cannot open the backup in " + folder.string() + ": " + exception.what()}};
}

tl::expected<void, StoreError> RocksDatabase::find_families() {
  const auto has_version = check_schema();
  if (!has_version) return tl::unexpected{has_version.error()};
  version_ = has_version->value_or(0);
  meta_ = db_->DefaultColumnFamily();
  for (const auto& handle : handles_) {
    if (handle->GetName() == "jobs") jobs_ = handle.get();
    if (handle->GetName() == "ready") ready_ = handle.get();
    if (handle->GetName() == "expiry") expiry_ = handle.get();
    // A store of schema 1 has no jobs in these, until a service has opened it.
    if (handle->GetName() == "failed") failed_ = handle.get();
    if (handle->GetName() == "idempotency") idempotency_ = handle.get();
    if (handle->GetName() == "results") results_ = handle.get();
    // Nor one of schema 2 in these. An opening that was cut off may have left them half made.
    if (*has_version && **has_version < schema) continue;
    if (handle->GetName() == "finished") finished_ = handle.get();
    if (handle->GetName() == "listing") listing_ = handle.get();
    if (handle->GetName() == "batches") batches_ = handle.get();
    if (handle->GetName() == "outbox") outbox_ = handle.get();
  }
  if (*has_version && jobs_ != nullptr && ready_ != nullptr && expiry_ != nullptr) return {};
  // A service that starts has made the store and is just filling it.
  return tl::unexpected{
      StoreError{.code = StoreErrorCode::not_found,
                 .message = name_ + " is not set up yet: `darkroom serve` was ended while it made "
                                    "it, or is just doing so; start it, or try again"}};
}

}  // namespace darkroom::persistence
