#pragma once

#include <cstdint>
#include <filesystem>

namespace darkroom::tls {

/// What tells that a file was changed or replaced.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t number = 0;
  std::int64_t size = -1;
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;

  /// A default one for an empty path, or a file that is not there.
  [[nodiscard]] static FileStamp of(const std::filesystem::path& file);

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

}  // namespace darkroom::tls
