#pragma once

#include <filesystem>
#include <string>

#include <tl/expected.hpp>

namespace darkroom::tools {

/// A new folder, removed with all that is in it at the end.
class ScratchFolder {
 public:
  /// Made in `parent`, which must exist.
  [[nodiscard]] static tl::expected<ScratchFolder, std::string> make(
      const std::filesystem::path& parent);

  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Gives back the space of all files in it and keeps their names. Removing many would make what
  /// is measured next slower: ext4 looks past each inode that was freed within the last minutes, so
  /// that creating a file takes up to a millisecond instead of ten microseconds (recently_deleted()
  /// in the kernel's fs/ext4/ialloc.c).
  void empty_files() const;

 private:
  explicit ScratchFolder(std::filesystem::path path);

  std::filesystem::path path_;  ///< Empty once moved from.
};

}  // namespace darkroom::tools
