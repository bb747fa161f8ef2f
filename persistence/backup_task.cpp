#include "persistence/backup_task.hpp"

#include <exception>
#include <utility>

namespace darkroom::persistence {

BackupTask::BackupTask(std::shared_ptr<const JobStore> jobs, std::filesystem::path root,
                       const RocksOptions& options, std::string version,
                       std::function<void(const State&)> ended)
    : jobs_(std::move(jobs)),
      root_(std::move(root)),
      options_(options),
      version_(std::move(version)),
      ended_(std::move(ended)) {}

BackupTask::~BackupTask() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

bool BackupTask::start(const std::filesystem::path& target) {
  const std::scoped_lock lock{mutex_};
  if (state_.running) return false;
  // Its last act was to say that it does not run any more.
  if (thread_.joinable()) thread_.join();
  state_ = {.number = state_.number + 1,
            .target = target,
            .running = true,
            .progress = {},
            .result = tl::unexpected{StoreError{}}};
  try {
    thread_ = std::thread{[this, target] { run(target); }};
  } catch (...) {
    state_.running = false;
    throw;
  }
  return true;
}

BackupTask::State BackupTask::state() const {
  const std::scoped_lock lock{mutex_};
  return state_;
}

void BackupTask::run(const std::filesystem::path& target) {
  const BackupOrder order{
      .root = root_, .target = target, .options = options_, .version = version_};
  const BackupWatch watch{.goes_on = [this] { return !stopping_; },
                          .report =
                              [this](const BackupProgress& progress) {
                                const std::scoped_lock lock{mutex_};
                                state_.progress = progress;
                              }};
  tl::expected<BackupSummary, StoreError> result;
  try {
    result = back_up_store(*jobs_, order, watch);
  } catch (const std::exception& exception) {
    result = tl::unexpected{
        StoreError{.code = StoreErrorCode::unwritable,
                   .message = "cannot back up to " + target.string() + ": " + exception.what()}};
  }
  State now = state();
  now.result = std::move(result);
  now.running = false;
  ended_(now);
  const std::scoped_lock lock{mutex_};
  state_ = std::move(now);
}

}  // namespace darkroom::persistence
