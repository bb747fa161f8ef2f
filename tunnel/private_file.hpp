#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <sys/types.h>
#include <tl/expected.hpp>

namespace darkroom::tunnel {

/// Writes a file with that mode so that it is there as a whole or not at all, in place of one that
/// is there: to another name, synced, then renamed. At no time can others read it than the mode
/// lets.
[[nodiscard]] tl::expected<void, std::string> write_whole_file(const std::filesystem::path& file,
                                                               std::string_view content,
                                                               mode_t mode);

/// Keeps other processes that lock the same folder waiting as long as it lives.
class FolderLock {
 public:
  [[nodiscard]] static tl::expected<FolderLock, std::string> take(
      const std::filesystem::path& folder);

  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int folder) : folder_(folder) {}
  int folder_;
};

}  // namespace darkroom::tunnel
