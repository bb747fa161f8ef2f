#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "persistence/blob_folders.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/file_descriptor.hpp"
#include "persistence/sha256.hpp"

namespace darkroom::persistence {

/// Writes a blob to root/temporary under a random name and renames it to its key on commit.
class FileBlobWriter final : public BlobWriter {
 public:
  /// Opens the temporary file.
  [[nodiscard]] static tl::expected<std::unique_ptr<FileBlobWriter>, StoreError> create(
      std::shared_ptr<BlobFolders> folders);

  FileBlobWriter(std::shared_ptr<BlobFolders> folders, FileDescriptor file);
  FileBlobWriter(const FileBlobWriter&) = delete;
  FileBlobWriter& operator=(const FileBlobWriter&) = delete;
  FileBlobWriter(FileBlobWriter&&) = delete;
  FileBlobWriter& operator=(FileBlobWriter&&) = delete;
  ~FileBlobWriter() override;

  [[nodiscard]] tl::expected<void, StoreError> write(std::span<const std::byte> bytes) override;
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] tl::expected<std::string, StoreError> finish() override;
  [[nodiscard]] const std::filesystem::path& path() const override { return file_.path(); }
  [[nodiscard]] tl::expected<void, StoreError> commit(std::string_view key) override;

  /// Makes what was written durable in the temporary file.
  [[nodiscard]] tl::expected<void, StoreError> sync() const { return file_.sync(); }

 private:
  [[nodiscard]] tl::expected<void, StoreError> flush();
  [[nodiscard]] tl::expected<void, StoreError> rename_to(const std::filesystem::path& target);

  enum class State { writing, finished, committed };

  std::shared_ptr<BlobFolders> folders_;
  FileDescriptor file_;
  Sha256 hash_;
  std::vector<std::byte> buffer_;
  std::uint64_t size_ = 0;
  State state_ = State::writing;
  /// The first failed write: the file has a gap from then on and must not be committed.
  std::optional<StoreError> failure_;
};

}  // namespace darkroom::persistence
