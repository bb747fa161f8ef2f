#include <utility>

#include "actors/task_errors.hpp"
#include "actors/task_files.hpp"
#include "jobs/watermark_limit.hpp"
#include "persistence/read_file.hpp"

namespace darkroom::actors {
namespace {

using jobs::ErrorKind;
using persistence::StoreError;
using persistence::StoreErrorCode;

/// For the client. What the store itself says has paths of this machine in it, which are the
/// operator's alone.
std::string in_words(StoreErrorCode code) {
  switch (code) {
    case StoreErrorCode::not_found:
      return "it is not in the store of files";
    case StoreErrorCode::no_space:
      return "the disk of the service is full";
    case StoreErrorCode::corrupt:
      return "it is damaged";
    default:
      return "the store of files does not work now";
  }
}

/// Of a write: a disk that takes none says nothing about the job.
ErrorKind kind_of_write(StoreErrorCode code) {
  const bool disk = code == StoreErrorCode::no_space || code == StoreErrorCode::unwritable;
  return disk ? ErrorKind::environment : ErrorKind::transient;
}

TaskError original_not_written(const Task& task, const StoreError& error) {
  return file_error(task, kind_of_write(error.code), "The fetched picture cannot be written",
                    in_words(error.code), error.message);
}

class LocalNewOriginal final : public NewOriginal {
 public:
  LocalNewOriginal(const Task& task, std::unique_ptr<persistence::BlobWriter> writer)
      : task_(task), writer_(std::move(writer)) {}

  Result<void> write(std::span<const std::byte> bytes) override {
    if (auto written = writer_->write(bytes); !written) {
      return original_not_written(task_, written.error());
    }
    return {};
  }

  Result<Whole> finish() override {
    auto sha256 = writer_->finish();
    if (!sha256) return original_not_written(task_, sha256.error());
    auto file = persistence::MappedFile::open(writer_->path());
    if (!file) return original_not_written(task_, file.error());
    return Whole{.file = std::move(*file), .sha256 = std::move(*sha256)};
  }

  Result<void> keep(const std::stop_token& /*stop*/) override {
    if (auto kept = writer_->commit(task_.original_key); !kept) {
      return original_not_written(task_, kept.error());
    }
    return {};
  }

 private:
  Task task_;
  std::unique_ptr<persistence::BlobWriter> writer_;
};

}  // namespace

TaskFiles::Result<persistence::MappedFile> LocalTaskFiles::original(
    const Task& task, const std::stop_token& /*stop*/) {
  const auto failed = [&](const char* what, const StoreError& error) {
    return file_error(task, ErrorKind::transient, what, in_words(error.code), error.message);
  };
  const auto path = blobs_->local_path(task.original_key);
  if (!path) return failed("The original cannot be found", path.error());
  auto file = persistence::MappedFile::open(*path);
  if (!file && file.error().code == StoreErrorCode::not_found) return original_missing();
  if (!file) return failed("The original cannot be read", file.error());
  // The hash of each would have to be computed; the size is there.
  const auto bytes = file->bytes().size();
  if (task.original_bytes != 0 && bytes != task.original_bytes) {
    return original_damaged(task, "it has " + std::to_string(bytes) + " bytes, and had " +
                                      std::to_string(task.original_bytes));
  }
  return std::move(*file);
}

TaskFiles::Result<std::unique_ptr<NewOriginal>> LocalTaskFiles::new_original(const Task& task) {
  auto writer = for_originals_->create();
  if (!writer) return original_not_written(task, writer.error());
  return std::make_unique<LocalNewOriginal>(task, std::move(*writer));
}

TaskFiles::Result<std::vector<std::byte>> LocalTaskFiles::watermark(
    const Task& task, std::size_t rendition, const std::stop_token& /*stop*/) {
  const auto& watermark = *task.renditions.at(rendition).watermark;
  auto bytes = persistence::read_file(watermark.image, jobs::max_watermark_bytes);
  if (!bytes) return unreadable_watermark(task, watermark, bytes.error().message);
  return std::move(*bytes);
}

TaskFiles::Result<StoredRendition> LocalTaskFiles::store(const Task& task, std::size_t rendition,
                                                         std::span<const std::byte> bytes,
                                                         const std::stop_token& /*stop*/) {
  const auto& spec = task.renditions.at(rendition);
  const auto failed = [&](const StoreError& error) {
    return file_error(task, kind_of_write(error.code), "Cannot write rendition " + spec.name,
                      in_words(error.code), error.message);
  };
  auto writer = blobs_->create();
  if (!writer) return failed(writer.error());
  if (auto written = (*writer)->write(bytes); !written) return failed(written.error());
  auto sha256 = (*writer)->finish();
  if (!sha256) return failed(sha256.error());
  auto key = jobs::rendition_key(task.job, spec, task.attempt);
  if (auto committed = (*writer)->commit(key); !committed) return failed(committed.error());
  return StoredRendition{.key = std::move(key), .sha256 = std::move(*sha256)};
}

}  // namespace darkroom::actors
