#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "actors/message_types.hpp"
#include "jobs/error.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/mapped_file.hpp"

namespace darkroom::actors {

/// A rendition that is durable.
struct StoredRendition {
  std::string key;
  std::string sha256;
};

/// An original that a worker takes in, piece by piece. Nothing stays behind where it is not kept.
/// Errors as of TaskFiles, which must outlive this object.
class NewOriginal {
 public:
  virtual ~NewOriginal() = default;

  template <class T>
  using Result = tl::expected<T, jobs::JobError>;

  [[nodiscard]] virtual Result<void> write(std::span<const std::byte> bytes) = 0;

  struct Whole {
    persistence::MappedFile file;
    std::string sha256;  ///< 64 hex digits.
  };
  /// Nothing more is written.
  [[nodiscard]] virtual Result<Whole> finish() = 0;

  /// Makes it durable under the task's `original_key`; after finish(). To do it twice is harmless.
  [[nodiscard]] virtual Result<void> keep(const std::stop_token& stop) = 0;
};

/// Where a task runner has the files of its tasks from, and puts them. Errors are logged, and are
/// sentences for the client. Blocks; ends early, with any error, once `stop` is asked to stop. For
/// one task runner alone.
class TaskFiles {
 public:
  virtual ~TaskFiles() = default;

  template <class T>
  using Result = tl::expected<T, jobs::JobError>;

  /// The task's original, as a file on this machine's disk that nobody changes.
  [[nodiscard]] virtual Result<persistence::MappedFile> original(const Task& task,
                                                                 const std::stop_token& stop) = 0;

  /// For a task that must fetch its original.
  [[nodiscard]] virtual Result<std::unique_ptr<NewOriginal>> new_original(const Task& task) = 0;

  /// The image of the watermark of the rendition of that index, which has one. Throws
  /// std::bad_alloc.
  [[nodiscard]] virtual Result<std::vector<std::byte>> watermark(const Task& task,
                                                                 std::size_t rendition,
                                                                 const std::stop_token& stop) = 0;

  /// Makes the rendition of that index durable under the key that is this attempt's. To do it twice
  /// is harmless.
  [[nodiscard]] virtual Result<StoredRendition> store(const Task& task, std::size_t rendition,
                                                      std::span<const std::byte> bytes,
                                                      const std::stop_token& stop) = 0;
};

/// The files of a blob store on this machine's own disk. Thread-safe.
class LocalTaskFiles final : public TaskFiles {
 public:
  /// `for_originals` is the same folder, for what is fetched: as uploads do, that leaves a reserve
  /// of the disk alone. Renditions use it, since their jobs were taken.
  LocalTaskFiles(std::shared_ptr<persistence::BlobStore> blobs,
                 std::shared_ptr<persistence::BlobStore> for_originals)
      : blobs_(std::move(blobs)), for_originals_(std::move(for_originals)) {}

  [[nodiscard]] Result<persistence::MappedFile> original(const Task& task,
                                                         const std::stop_token& stop) override;
  [[nodiscard]] Result<std::unique_ptr<NewOriginal>> new_original(const Task& task) override;
  [[nodiscard]] Result<std::vector<std::byte>> watermark(const Task& task, std::size_t rendition,
                                                         const std::stop_token& stop) override;
  [[nodiscard]] Result<StoredRendition> store(const Task& task, std::size_t rendition,
                                              std::span<const std::byte> bytes,
                                              const std::stop_token& stop) override;

 private:
  std::shared_ptr<persistence::BlobStore> blobs_;
  std::shared_ptr<persistence::BlobStore> for_originals_;
};

}  // namespace darkroom::actors
