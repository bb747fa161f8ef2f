#include "persistence/store_backup.hpp"

#include <cerrno>
#include <optional>
#include <utility>

#include <unistd.h>

#include "persistence/backup_folder.hpp"
#include "persistence/blob_mirror.hpp"
#include "persistence/data_folder.hpp"
#include "persistence/file_blob_walk.hpp"
#include "persistence/rocks_backup.hpp"
#include "persistence/stored_blobs.hpp"
#include "persistence/stored_jobs.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

StoreError stopped() {
  return {.code = StoreErrorCode::unwritable,
          .message = "the backup was stopped before it was whole; run it again"};
}

StoreError stopped_tidying() {
  return {.code = StoreErrorCode::unwritable,
          .message = "the backup is whole, and was stopped while it was tidied up"};
}

/// One backup being made.
class StoreBackup {
 public:
  StoreBackup(const JobStore& jobs, const BackupOrder& order, const BackupWatch& watch,
              BackupFolder folder, BlobMirror mirror)
      : jobs_(jobs),
        order_(order),
        watch_(watch),
        folder_(std::move(folder)),
        mirror_(std::move(mirror)) {}

  tl::expected<BackupSummary, StoreError> make() {
    const auto begun = std::chrono::steady_clock::now();
    if (auto brought = bring_all_blobs(); !brought) return tl::unexpected{brought.error()};
    if (auto synced = mirror_.sync(); !synced) return tl::unexpected{synced.error()};
    enter(BackupPhase::jobs);
    const auto store = jobs_.back_up(job_folder(), [this] { return report_and_ask(); });
    if (!store) return tl::unexpected{watch_.goes_on() ? store.error() : stopped()};
    auto& manifest = summary_.manifest;
    manifest.backup_id = store->id;
    manifest.job_store_bytes = store->bytes;
    const auto backed_up = StoredJobs::open_backup(job_folder(), store->id, order_.options);
    if (!backed_up) return tl::unexpected{backed_up.error()};
    enter(BackupPhase::checking);
    if (auto brought = bring_blobs_of(*backed_up); !brought) {
      return tl::unexpected{brought.error()};
    }
    if (auto synced = mirror_.sync(); !synced) return tl::unexpected{synced.error()};
    manifest.version = order_.version;
    manifest.made_at = jobs::system_now();
    if (auto written = write_manifest(folder_.path(), manifest); !written) {
      return tl::unexpected{written.error()};
    }
    enter(BackupPhase::tidying);
    if (auto tidied = tidy(*backed_up); !tidied) summary_.untidy = tidied.error().message;
    summary_.files_linked = mirror_.counts().linked;
    summary_.files_copied = mirror_.counts().copied;
    summary_.bytes_copied = mirror_.counts().copied_bytes;
    summary_.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begun);
    return summary_;
  }

 private:
  [[nodiscard]] fs::path job_folder() const { return folder_.path() / data_folder::jobs; }

  void enter(BackupPhase phase) {
    progress_ = {.phase = phase, .files = 0, .copied_bytes = progress_.copied_bytes};
    watch_.report(progress_);
  }

  [[nodiscard]] bool report_and_ask() {
    progress_.copied_bytes = mirror_.counts().copied_bytes;
    watch_.report(progress_);
    return watch_.goes_on();
  }

  tl::expected<void, StoreError> bring_all_blobs() {
    enter(BackupPhase::files);
    auto walk = FileBlobWalk::begin(order_.root / data_folder::uploads);
    if (!walk) return tl::unexpected{walk.error()};
    while (true) {
      const auto blob = (*walk)->next();
      if (!blob) return tl::unexpected{blob.error()};
      if (!*blob) return {};
      const auto added = mirror_.add((*blob)->key);
      if (!added) return tl::unexpected{added.error()};
      ++progress_.files;
      if (!report_and_ask()) return tl::unexpected{stopped()};
    }
  }

  tl::expected<void, StoreError> bring_blobs_of(const StoredJobs& backed_up) {
    std::optional<StoreError> failure;
    auto walked = backed_up.for_each([&](const StoredJob& stored) {
      ++summary_.manifest.jobs;
      if (!stored.job) {
        ++summary_.manifest.damaged_records;
        return true;
      }
      for (const auto& blob : stored_blobs(*stored.job)) {
        const auto added = mirror_.add(blob.key, blob.bytes);
        if (!added) {
          failure = added.error();
          return false;
        }
        count(stored.id, blob, *added);
      }
      if (!report_and_ask()) failure = stopped();
      return !failure;
    });
    if (failure) return tl::unexpected{*failure};
    return walked;
  }

  void count(const jobs::JobId& id, const StoredBlob& blob, BlobMirror::Result result) {
    ++progress_.files;
    auto& manifest = summary_.manifest;
    const bool lost =
        result == BlobMirror::Result::missing || result == BlobMirror::Result::other_size;
    if (!lost) {
      ++manifest.blobs;
      manifest.blob_bytes += blob.bytes;
      return;
    }
    ++manifest.missing_blobs;
    if (result == BlobMirror::Result::other_size) return;
    // The record goes before the files, so a job whose file went is no more.
    const auto now = jobs_.get(id);
    if (now && !*now) ++summary_.deleted_meanwhile;
  }

  tl::expected<void, StoreError> tidy(const StoredJobs& backed_up) {
    if (!watch_.goes_on()) return tl::unexpected{stopped_tidying()};
    if (auto purged = purge_older_backups(job_folder()); !purged) return purged;
    auto walk = FileBlobWalk::begin(folder_.path() / data_folder::uploads);
    if (!walk) return tl::unexpected{walk.error()};
    while (true) {
      const auto blob = (*walk)->next();
      if (!blob) return tl::unexpected{blob.error()};
      if (!*blob) return {};
      const auto& key = (*blob)->key;
      ++progress_.files;
      if (!report_and_ask()) return tl::unexpected{stopped_tidying()};
      // Whose name tells of no job was not put there by a backup.
      const auto id = jobs::job_of_blob(key);
      if (!id) continue;
      const auto stored = backed_up.get(*id);
      if (!stored) return tl::unexpected{stored.error()};
      if (*stored && (!(*stored)->job || may_have_blob(*(*stored)->job, key))) continue;
      std::error_code ignored;
      if (fs::remove(folder_.path() / key, ignored)) ++summary_.files_removed;
    }
  }

  const JobStore& jobs_;
  const BackupOrder& order_;
  const BackupWatch& watch_;
  BackupFolder folder_;
  BlobMirror mirror_;
  BackupProgress progress_;
  BackupSummary summary_;
};

}  // namespace

std::string_view to_string(BackupPhase phase) {
  switch (phase) {
    case BackupPhase::files:
      return "files";
    case BackupPhase::jobs:
      return "jobs";
    case BackupPhase::checking:
      return "checking";
    case BackupPhase::tidying:
      return "tidying";
  }
  return "unknown";
}

tl::expected<BackupSummary, StoreError> back_up_store(const JobStore& jobs,
                                                      const BackupOrder& order,
                                                      const BackupWatch& watch) {
  const auto identity = database_identity(order.root / data_folder::jobs);
  auto folder = BackupFolder::open(order.target, order.root, identity);
  if (!folder) return tl::unexpected{folder.error()};
  auto mirror = BlobMirror::open(order.root, folder->path());
  if (!mirror) return tl::unexpected{mirror.error()};
  return StoreBackup{jobs, order, watch, std::move(*folder), std::move(*mirror)}.make();
}

}  // namespace darkroom::persistence
