#include "persistence/rocks_backup.hpp"

#include <fstream>
#include <memory>
#include <string>

#include <rocksdb/db.h>
#include <rocksdb/utilities/backup_engine.h>

#include "persistence/directories.hpp"
#include "persistence/rocks_status.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

using Engine = std::unique_ptr<rocksdb::BackupEngine>;

std::string name_of(const fs::path& folder) {
  return "the backup of the job store in " + folder.string();
}

tl::expected<Engine, StoreError> open_engine(const fs::path& folder) {
  if (auto made = make_directories(folder); !made) return tl::unexpected{made.error()};
  rocksdb::BackupEngineOptions options{folder.string()};
  options.callback_trigger_interval_size = std::uint64_t{1} << 20U;
  rocksdb::BackupEngine* engine = nullptr;
  const auto status = rocksdb::BackupEngine::Open(options, rocksdb::Env::Default(), &engine);
  if (!status.ok())
    return tl::unexpected{error_from_status(status, "cannot open " + name_of(folder))};
  return Engine{engine};
}

/// Changes nothing in the folder, which may lie on a disk that is mounted so.
tl::expected<std::unique_ptr<rocksdb::BackupEngineReadOnly>, StoreError> open_engine_for_reading(
    const fs::path& folder) {
  rocksdb::BackupEngineReadOnly* engine = nullptr;
  const auto status = rocksdb::BackupEngineReadOnly::Open(
      rocksdb::BackupEngineOptions{folder.string()}, rocksdb::Env::Default(), &engine);
  if (status.ok()) return std::unique_ptr<rocksdb::BackupEngineReadOnly>{engine};
  auto error = error_from_status(status, name_of(folder) + " is not whole");
  if (status.IsNotFound()) error.code = StoreErrorCode::corrupt;
  return tl::unexpected{std::move(error)};
}

}  // namespace

tl::expected<JobStoreBackup, StoreError> back_up_database(const RocksDatabase& database,
                                                          const fs::path& folder,
                                                          const GoesOn& goes_on) {
  const auto engine = open_engine(folder);
  if (!engine) return tl::unexpected{engine.error()};
  rocksdb::CreateBackupOptions options;
  // Called while files are copied, on the thread that copies.
  options.progress_callback = [&] {
    if (!goes_on()) (*engine)->StopBackup();
  };
  rocksdb::BackupID id = 0;
  const auto status = (*engine)->CreateNewBackup(options, &database.db(), &id);
  if (!status.ok()) {
    return tl::unexpected{error_from_status(status, "cannot write " + name_of(folder))};
  }
  rocksdb::BackupInfo info;
  const auto found = (*engine)->GetBackupInfo(id, &info);
  if (!found.ok())
    return tl::unexpected{error_from_status(found, "cannot read " + name_of(folder))};
  return JobStoreBackup{.id = id, .bytes = info.size};
}

tl::expected<void, StoreError> purge_older_backups(const fs::path& folder) {
  const auto engine = open_engine(folder);
  if (!engine) return tl::unexpected{engine.error()};
  rocksdb::Status status = (*engine)->PurgeOldBackups(1);
  // What backups that were cut off have left.
  if (status.ok()) status = (*engine)->GarbageCollect();
  if (status.ok()) return {};
  return tl::unexpected{error_from_status(status, "cannot tidy " + name_of(folder))};
}

tl::expected<JobStoreBackup, StoreError> check_backup(const fs::path& folder, std::uint32_t id) {
  const auto engine = open_engine_for_reading(folder);
  if (!engine) return tl::unexpected{engine.error()};
  rocksdb::BackupInfo info;
  auto status = (*engine)->GetBackupInfo(id, &info);
  if (status.ok()) status = (*engine)->VerifyBackup(id, true);
  if (status.ok()) return JobStoreBackup{.id = id, .bytes = info.size};
  auto error = error_from_status(status, name_of(folder) + " is not whole");
  if (status.IsNotFound()) error.code = StoreErrorCode::corrupt;
  return tl::unexpected{std::move(error)};
}

tl::expected<void, StoreError> restore_database(const fs::path& folder, std::uint32_t id,
                                                const fs::path& directory) {
  const auto engine = open_engine_for_reading(folder);
  if (!engine) return tl::unexpected{engine.error()};
  if (auto made = make_directories(directory); !made) return made;
  const auto status = (*engine)->RestoreDBFromBackup(id, directory.string(), directory.string());
  if (!status.ok()) {
    return tl::unexpected{error_from_status(status, "cannot restore " + name_of(folder))};
  }
  return sync_directory(directory);
}

std::string database_identity(const fs::path& directory) {
  std::ifstream file{directory / "IDENTITY"};
  std::string identity;
  std::getline(file, identity);
  return identity;
}

}  // namespace darkroom::persistence
