#include "persistence/store_restore.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <span>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "persistence/backup_folder.hpp"
#include "persistence/blob_mirror.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/data_folder.hpp"
#include "persistence/directories.hpp"
#include "persistence/file_blob_walk.hpp"
#include "persistence/rocks_backup.hpp"
#include "persistence/stored_blobs.hpp"
#include "persistence/stored_jobs.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

/// Where the job store is made; it gets its name when it is whole.
constexpr const char* unfinished_jobs = "jobs.restoring";

tl::unexpected<StoreError> refused(StoreErrorCode code, std::string message) {
  return tl::unexpected{StoreError{.code = code, .message = std::move(message)}};
}

/// What a restore that was cut off may have made.
constexpr std::array<const char*, 4> own_entries{unfinished_jobs, data_folder::jobs,
                                                 data_folder::uploads, data_folder::temporary};

/// The empty data folder, marked as one that is being filled.
class MarkedFolder {
 public:
  /// Whether open() would find it empty, or left by a restore that was cut off. Makes nothing.
  [[nodiscard]] static tl::expected<void, StoreError> check(const fs::path& root) {
    std::error_code ignored;
    const bool usable = !fs::exists(root, ignored) || fs::exists(root / data_folder::restoring);
    return usable ? tl::expected<void, StoreError>{} : check_empty(root);
  }

  [[nodiscard]] static tl::expected<MarkedFolder, StoreError> open(const fs::path& root) {
    if (auto made = make_directories(root); !made) return tl::unexpected{made.error()};
    const auto marker = root / data_folder::restoring;
    auto file = FileDescriptor::open(marker, O_RDWR | O_NOFOLLOW);
    const bool again = file.has_value();
    if (!again) {
      if (file.error().code != StoreErrorCode::not_found) return tl::unexpected{file.error()};
      if (auto empty = check_empty(root); !empty) return tl::unexpected{empty.error()};
      constexpr mode_t mode = 0640;
      file = FileDescriptor::open(marker, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
      if (!file) return tl::unexpected{file.error()};
    }
    // The one that held the lock may have come to its end, and removed the marker.
    if (::flock(file->number(), LOCK_EX | LOCK_NB) != 0 || !is_named(*file, marker)) {
      return refused(StoreErrorCode::locked,
                     "another restore into " + root.string() + " is under way; wait for its end");
    }
    if (auto synced = sync_directory(root); !synced) return tl::unexpected{synced.error()};
    MarkedFolder folder{root, std::move(*file)};
    if (auto ours = again ? check_empty(root, own_entries) : tl::expected<void, StoreError>{};
        !ours) {
      return tl::unexpected{ours.error()};
    }
    if (again) {
      std::error_code ignored;
      for (const auto* entry : own_entries)
        fs::remove_all(root / entry, ignored);
    }
    // A service may have started since the first look. One that starts later sees the marker.
    if (auto empty = check_empty(root); !empty) {
      if (!again) (void)folder.remove_marker();
      return tl::unexpected{empty.error()};
    }
    return folder;
  }

  [[nodiscard]] tl::expected<void, StoreError> remove_marker() const {
    if (::unlink(marker_.path().c_str()) != 0) {
      return tl::unexpected{error_from_errno(errno, "cannot remove " + marker_.path().string())};
    }
    return sync_directory(root_);
  }

 private:
  MarkedFolder(fs::path root, FileDescriptor marker)
      : root_(std::move(root)), marker_(std::move(marker)) {}

  /// Whether `path` still is the name of that file.
  static bool is_named(const FileDescriptor& file, const fs::path& path) {
    struct stat opened {};
    struct stat named {};
    return ::fstat(file.number(), &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
  }

  /// But for entries of these names.
  static tl::expected<void, StoreError> check_empty(const fs::path& root,
                                                    std::span<const char* const> but = {}) {
    std::error_code error;
    for (fs::directory_iterator entry{root, error}; !error && entry != fs::directory_iterator{};
         entry.increment(error)) {
      const auto name = entry->path().filename();
      if (name == "lost+found" || name == data_folder::restoring) continue;
      if (std::ranges::find(but, name) != but.end()) continue;
      return refused(StoreErrorCode::unwritable,
                     "the data folder " + root.string() + " is not empty: it has " + name.string() +
                         "; stop the service and move the folder away (mv " + root.string() + " " +
                         root.string() + ".old), or name another one by --storage-path");
    }
    if (!error) return {};
    return tl::unexpected{error_from_errno(error.value(), "cannot list " + root.string())};
  }

  fs::path root_;
  FileDescriptor marker_;  ///< Locked.
};

class StoreRestore {
 public:
  StoreRestore(fs::path root, fs::path source, BackupManifest manifest, const StoredJobs& jobs,
               const BackupWatch& watch)
      : root_(std::move(root)),
        source_(std::move(source)),
        manifest_(std::move(manifest)),
        jobs_(jobs),
        watch_(watch) {}

  /// Every blob of the backup's jobs is there, with its size; but for those that the manifest says
  /// could not be had.
  tl::expected<void, StoreError> check_blobs() {
    enter(BackupPhase::checking);
    std::uint64_t missing = 0;
    std::string example;
    auto walked = each_blob([&](const StoredBlob& blob) -> tl::expected<void, StoreError> {
      const auto facts = is_blob_key(blob.key) ? look_at_file(source_ / blob.key) : std::nullopt;
      if (facts && facts->bytes == blob.bytes) return {};
      ++missing;
      if (example.empty()) example = (source_ / blob.key).string();
      return {};
    });
    if (!walked) return walked;
    if (missing <= manifest_.missing_blobs) return {};
    return refused(StoreErrorCode::corrupt,
                   "the backup in " + source_.string() +
                       " is not whole: " + std::to_string(missing) +
                       " files are missing or have another size, such as " + example +
                       ", and when it was made it lacked " +
                       std::to_string(manifest_.missing_blobs) + "; use another backup");
  }

  [[nodiscard]] tl::expected<void, StoreError> check_room(const fs::path& existing) const {
    struct statvfs disk {};
    struct stat to {};
    struct stat from {};
    if (::statvfs(existing.c_str(), &disk) != 0 || ::stat(existing.c_str(), &to) != 0 ||
        ::stat(source_.c_str(), &from) != 0) {
      return tl::unexpected{error_from_errno(errno, "cannot look at " + existing.string())};
    }
    const auto free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    const bool by_linking = to.st_dev == from.st_dev;
    const auto needed = manifest_.job_store_bytes + (by_linking ? 0 : manifest_.blob_bytes);
    if (free >= needed) return {};
    return refused(StoreErrorCode::no_space,
                   "the disk of " + root_.string() + " has " + std::to_string(free) +
                       " bytes free, and the backup takes " + std::to_string(needed) +
                       "; free some space on it, or name a folder on another disk");
  }

  tl::expected<RestoreSummary, StoreError> fill() {
    const auto begun = std::chrono::steady_clock::now();
    auto mirror = BlobMirror::open(source_, root_);
    if (!mirror) return tl::unexpected{mirror.error()};
    enter(BackupPhase::files);
    std::uint64_t missing = 0;
    auto brought = each_blob([&](const StoredBlob& blob) -> tl::expected<void, StoreError> {
      const auto added = mirror->add(blob.key, blob.bytes);
      progress_.copied_bytes = mirror->counts().copied_bytes;
      if (!added) return tl::unexpected{added.error()};
      const bool whole =
          *added != BlobMirror::Result::missing && *added != BlobMirror::Result::other_size;
      if (!whole) ++missing;
      return {};
    });
    if (!brought) return tl::unexpected{brought.error()};
    if (missing > manifest_.missing_blobs) return changed_meanwhile();
    if (auto synced = mirror->sync(); !synced) return tl::unexpected{synced.error()};
    enter(BackupPhase::jobs);
    const auto unfinished = root_ / unfinished_jobs;
    auto restored = restore_database(source_ / data_folder::jobs, manifest_.backup_id, unfinished);
    if (!restored) return tl::unexpected{restored.error()};
    const auto target = root_ / data_folder::jobs;
    if (::rename(unfinished.c_str(), target.c_str()) != 0) {
      return tl::unexpected{error_from_errno(
          errno, "cannot rename " + unfinished.string() + " to " + target.string())};
    }
    if (auto synced = sync_directory(root_); !synced) return tl::unexpected{synced.error()};
    return RestoreSummary{.manifest = manifest_,
                          .files_linked = mirror->counts().linked,
                          .files_copied = mirror->counts().copied,
                          .bytes_copied = mirror->counts().copied_bytes,
                          .duration = std::chrono::duration_cast<std::chrono::milliseconds>(
                              std::chrono::steady_clock::now() - begun)};
  }

 private:
  void enter(BackupPhase phase) {
    progress_ = {.phase = phase, .files = 0, .copied_bytes = progress_.copied_bytes};
    watch_.report(progress_);
  }

  [[nodiscard]] tl::unexpected<StoreError> changed_meanwhile() const {
    return refused(StoreErrorCode::corrupt, "files of the backup in " + source_.string() +
                                                " went while it was restored; run it again");
  }

  tl::expected<void, StoreError> each_blob(
      const std::function<tl::expected<void, StoreError>(const StoredBlob&)>& visit) {
    std::optional<StoreError> failure;
    auto walked = jobs_.for_each([&](const StoredJob& stored) {
      if (!stored.job) return true;
      for (const auto& blob : stored_blobs(*stored.job)) {
        if (auto visited = visit(blob); !visited) failure = visited.error();
        ++progress_.files;
      }
      watch_.report(progress_);
      if (!watch_.goes_on() && !failure) {
        failure = StoreError{.code = StoreErrorCode::unwritable,
                             .message = "the restore was stopped; run it again"};
      }
      return !failure;
    });
    if (failure) return tl::unexpected{*failure};
    return walked;
  }

  fs::path root_;
  fs::path source_;
  BackupManifest manifest_;
  const StoredJobs& jobs_;
  const BackupWatch& watch_;
  BackupProgress progress_;
};

/// The folder itself, or the nearest one above it that is there.
fs::path existing_part(fs::path folder) {
  std::error_code ignored;
  while (!fs::exists(folder, ignored) && folder.has_parent_path() && folder != folder.parent_path())
    folder = folder.parent_path();
  return folder;
}

}  // namespace

tl::expected<RestoreSummary, StoreError> restore_store(const fs::path& root, const fs::path& source,
                                                       const RocksOptions& options,
                                                       const BackupWatch& watch) {
  std::error_code error;
  const auto absolute = fs::absolute(root, error);
  if (BackupFolder::overlap(absolute, source)) {
    return refused(StoreErrorCode::unwritable, "one of the data folder " + absolute.string() +
                                                   " and the backup " + source.string() +
                                                   " lies in the other; name another data folder");
  }
  // What takes no time comes first.
  if (auto usable = MarkedFolder::check(absolute); !usable) return tl::unexpected{usable.error()};
  const auto manifest = read_manifest(source);
  if (!manifest) return tl::unexpected{manifest.error()};
  const auto held = BackupFolder::open_for_reading(source);
  if (!held) return tl::unexpected{held.error()};
  const auto job_folder = source / data_folder::jobs;
  if (auto checked = check_backup(job_folder, manifest->backup_id); !checked) {
    return tl::unexpected{checked.error()};
  }
  const auto jobs = StoredJobs::open_backup(job_folder, manifest->backup_id, options);
  if (!jobs) return tl::unexpected{jobs.error()};

  StoreRestore restore{absolute, source, *manifest, *jobs, watch};
  if (auto checked = restore.check_blobs(); !checked) return tl::unexpected{checked.error()};
  if (auto room = restore.check_room(existing_part(absolute)); !room) {
    return tl::unexpected{room.error()};
  }
  const auto folder = MarkedFolder::open(absolute);
  if (!folder) return tl::unexpected{folder.error()};
  auto filled = restore.fill();
  if (!filled) return filled;
  if (auto removed = folder->remove_marker(); !removed) return tl::unexpected{removed.error()};
  return filled;
}

tl::expected<void, StoreError> check_restored(const fs::path& root) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(root / data_folder::restoring, error))) return {};
  return refused(StoreErrorCode::corrupt,
                 "the data folder " + root.string() +
                     " is being restored, or a restore into it was cut off; wait for its end, or "
                     "run `darkroom store restore` again, which starts over");
}

}  // namespace darkroom::persistence
