#include "tools/scratch_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace darkroom::tools {

tl::expected<ScratchFolder, std::string> ScratchFolder::make(const std::filesystem::path& parent) {
  std::string name = parent / "darkroom-bench-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    return tl::unexpected("cannot make a folder in " + parent.string() + ": " +
                          std::generic_category().message(errno) + "; name another with --dir");
  }
  return ScratchFolder{name};
}

ScratchFolder::ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept : path_(std::move(other.path_)) {
  other.path_.clear();
}

ScratchFolder::~ScratchFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void ScratchFolder::empty_files() const {
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator entry{path_, error};
       !error && entry != std::filesystem::recursive_directory_iterator{}; entry.increment(error)) {
    std::error_code ignored;
    // One that is empty already would be written to the disk again.
    if (!entry->is_symlink(ignored) && entry->is_regular_file(ignored) &&
        entry->file_size(ignored) > 0) {
      std::filesystem::resize_file(entry->path(), 0, ignored);
    }
  }
}

}  // namespace darkroom::tools
