#include "persistence/blob_temporaries.hpp"

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include <unistd.h>

#include "jobs/random.hpp"
#include "persistence/file_blob_walk.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {

namespace fs = std::filesystem;

tl::expected<std::unique_ptr<FileBlobWriter>, StoreError> BlobTemporaries::create() const {
  if (auto room = folders_->check_room(); !room) return tl::unexpected{room.error()};
  return FileBlobWriter::create(folders_);
}

tl::expected<void, StoreError> BlobTemporaries::check_writable() const {
  // More than a disk that is all but full has left in blocks begun, and nothing that a file
  // system could compress away.
  std::vector<std::uint8_t> bytes(std::size_t{64} << 10U);
  jobs::fill_random(bytes);
  auto writer = FileBlobWriter::create(folders_);
  if (!writer) return tl::unexpected{writer.error()};
  if (auto written = (*writer)->write(std::as_bytes(std::span{bytes})); !written) return written;
  if (auto finished = (*writer)->finish(); !finished) return tl::unexpected{finished.error()};
  return (*writer)->sync();
}

tl::expected<std::size_t, StoreError> BlobTemporaries::remove_stale(jobs::Timestamp before) const {
  std::size_t removed = 0;
  const auto& folder = folders_->temporary();
  std::error_code error;
  for (fs::directory_iterator entry{folder, error}; !error && entry != fs::directory_iterator{};
       entry.increment(error)) {
    const auto& file = entry->path();
    const auto facts = look_at_file(file);
    if (!facts || facts->modified_at >= before) continue;
    if (::unlink(file.c_str()) == 0) {
      ++removed;
    } else if (errno != ENOENT) {
      return tl::unexpected{error_from_errno(errno, "cannot remove " + file.string())};
    }
  }
  // A folder that was removed meanwhile counts as empty.
  if (error && error != std::errc::no_such_file_or_directory) {
    return tl::unexpected{error_from_errno(error.value(), "cannot list " + folder.string())};
  }
  return removed;
}

}  // namespace darkroom::persistence
