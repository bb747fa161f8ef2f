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

 private:
  explicit ScratchFolder(std::filesystem::path path);

  std::filesystem::path path_;  ///< Empty once moved from.
};

}  // namespace darkroom::tools
