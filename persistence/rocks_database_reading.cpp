#include <chrono>
#include <cstdint>
#include <exception>
#include <fstream>
#include <optional>
#include <thread>
#include <utility>

#include <rocksdb/db.h>
#include <rocksdb/utilities/backup_engine.h>

#include "persistence/rocks_backup.hpp"
#include "persistence/rocks_database.hpp"
#include "persistence/rocks_settings.hpp"
#include "persistence/rocks_status.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

/// A process that writes to the store changes its list of files every second or less often, and
/// opening takes some milliseconds, so the first try is nearly always the last.
constexpr int tries = 50;
constexpr std::chrono::milliseconds pause{20};
/// A failure that comes back this often while nothing has changed is no matter of luck.
constexpr int tries_of_a_standing_store = 3;

/// Which list of files the store has, and how long it is: it grows by each change to them.
struct FileList {
  std::string manifest;
  std::uintmax_t bytes = 0;

  friend bool operator==(const FileList&, const FileList&) = default;
};

FileList file_list(const fs::path& directory) {
  FileList list;
  std::ifstream current{directory / "CURRENT"};
  std::getline(current, list.manifest);
  std::error_code error;
  list.bytes = fs::file_size(directory / list.manifest, error);
  if (error) list.bytes = 0;
  return list;
}

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

/// Opens the store between two changes to its list of files. In the midst of one RocksDB may miss
/// a file, or, without a word, a log: one whose records have just gone to a table.
tl::expected<Opened, rocksdb::Status> open_steadily(const fs::path& directory,
                                                    const rocksdb::Options& settings) {
  int failures_of_a_standing_store = 0;
  rocksdb::Status latest = rocksdb::Status::TryAgain("it changes all the time");
  for (int i = 0; i < tries; ++i) {
    if (i > 0) std::this_thread::sleep_for(pause);
    const auto before = file_list(directory);
    auto opened = open_once(directory.string(), settings);
    const bool stands = before == file_list(directory);
    if (opened && stands) return opened;
    if (opened) {
      for (auto* handle : opened->handles)
        opened->db->DestroyColumnFamilyHandle(handle);
      continue;
    }
    latest = opened.error();
    if (stands && ++failures_of_a_standing_store == tries_of_a_standing_store) break;
  }
  return tl::unexpected{latest};
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
  auto opened = open_steadily(directory, settings_for_reading(options));
  if (!opened) return tl::unexpected{failure_to_open(opened.error(), name)};
  auto database =
      std::make_unique<RocksDatabase>(directory, std::move(opened->db), opened->handles);
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
  meta_ = db_->DefaultColumnFamily();
  for (const auto& handle : handles_) {
    if (handle->GetName() == "jobs") jobs_ = handle.get();
    if (handle->GetName() == "ready") ready_ = handle.get();
    if (handle->GetName() == "expiry") expiry_ = handle.get();
  }
  if (*has_version && jobs_ != nullptr && ready_ != nullptr && expiry_ != nullptr) return {};
  // A service that starts has made the store and is just filling it.
  return tl::unexpected{
      StoreError{.code = StoreErrorCode::not_found,
                 .message = name_ + " is not set up yet: `darkroom serve` was ended while it made "
                                    "it, or is just doing so; start it, or try again"}};
}

}  // namespace darkroom::persistence
