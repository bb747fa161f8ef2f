#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <tl/expected.hpp>

#include "persistence/job_store.hpp"
#include "persistence/store_backup.hpp"

namespace darkroom::persistence {

/// Makes backups of a store in use, one at a time, on a thread of its own. Thread-safe.
class BackupTask {
 public:
  /// Where the newest backup stands.
  struct State {
    std::uint64_t number = 0;  ///< Of this backup, from 1; 0: none was asked for yet.
    std::filesystem::path target;
    bool running = false;
    BackupProgress progress;
    /// How it ended, once it is not running.
    tl::expected<BackupSummary, StoreError> result;
  };

  /// `root`, `options` and `version` as in BackupOrder. `ended` is called on the backup's thread.
  BackupTask(
      std::shared_ptr<const JobStore> jobs, std::filesystem::path root, const RocksOptions& options,
      std::string version, std::function<void(const State&)> ended = [](const State&) {});
  BackupTask(const BackupTask&) = delete;
  BackupTask& operator=(const BackupTask&) = delete;
  BackupTask(BackupTask&&) = delete;
  BackupTask& operator=(BackupTask&&) = delete;
  /// Ends a backup under way, which is not whole then.
  ~BackupTask();

  /// Begins one; false where one is running already.
  [[nodiscard]] bool start(const std::filesystem::path& target);

  [[nodiscard]] State state() const;

 private:
  void run(const std::filesystem::path& target);

  std::shared_ptr<const JobStore> jobs_;
  std::filesystem::path root_;
  RocksOptions options_;
  std::string version_;
  std::function<void(const State&)> ended_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;  ///< Guards state_ and thread_.
  State state_;
  std::thread thread_;
};

}  // namespace darkroom::persistence
