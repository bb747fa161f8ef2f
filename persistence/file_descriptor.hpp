#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <utility>

#include <sys/types.h>
#include <tl/expected.hpp>

#include "persistence/error.hpp"

namespace darkroom::persistence {

/// Owns an open file, or anything else that has a descriptor, and closes it. Errors come with the
/// path that the file was opened by.
class FileDescriptor {
 public:
  /// Owns nothing.
  FileDescriptor() = default;

  /// Takes over a descriptor without a path, such as a socket; below 0: owns nothing.
  explicit FileDescriptor(int number) : number_(number) {}

  /// open(2) with O_CLOEXEC added, so that no child process inherits the file.
  [[nodiscard]] static tl::expected<FileDescriptor, StoreError> open(
      const std::filesystem::path& path, int flags, mode_t mode = 0);

  FileDescriptor(FileDescriptor&& other) noexcept
      : number_(std::exchange(other.number_, -1)), path_(std::move(other.path_)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor();

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] explicit operator bool() const { return number_ >= 0; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Writes all of it, however many calls that takes.
  [[nodiscard]] tl::expected<void, StoreError> write_all(std::span<const std::byte> bytes) const;

  /// fsync(2): what was written, or for a folder its list of names, survives a power cut.
  [[nodiscard]] tl::expected<void, StoreError> sync() const;

 private:
  FileDescriptor(int number, std::filesystem::path path)
      : number_(number), path_(std::move(path)) {}

  int number_ = -1;
  std::filesystem::path path_;
};

}  // namespace darkroom::persistence
