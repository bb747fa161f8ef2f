#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "actors/task_files.hpp"
#include "persistence/blob_transfer.hpp"

namespace darkroom::actors {

/// The files of a node that holds them, by the signed URLs of each task. An original is fetched
/// into a file without a name in `scratch`, which the kernel removes with the last use of it,
/// however this process ends, and is compared with the SHA-256 and the size that the task says. Not
/// thread-safe: one for each task runner.
class RemoteTaskFiles final : public TaskFiles {
 public:
  /// `port` of 127.0.0.1 is where the URLs are asked for. `scratch` must exist, on a disk that has
  /// room for an original of each slot.
  RemoteTaskFiles(const persistence::TransferOptions& options, std::uint16_t port,
                  std::filesystem::path scratch)
      : transfer_(options, port), scratch_(std::move(scratch)) {}

  [[nodiscard]] Result<persistence::MappedFile> original(const Task& task,
                                                         const std::stop_token& stop) override;
  [[nodiscard]] Result<std::unique_ptr<NewOriginal>> new_original(const Task& task) override;
  [[nodiscard]] Result<std::vector<std::byte>> watermark(const Task& task, std::size_t rendition,
                                                         const std::stop_token& stop) override;
  [[nodiscard]] Result<StoredRendition> store(const Task& task, std::size_t rendition,
                                              std::span<const std::byte> bytes,
                                              const std::stop_token& stop) override;

 private:
  persistence::BlobTransfer transfer_;
  std::filesystem::path scratch_;
};

}  // namespace darkroom::actors
