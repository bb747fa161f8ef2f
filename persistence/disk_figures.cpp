#include "persistence/disk_figures.hpp"

#include <cerrno>
#include <system_error>

#include <sys/statvfs.h>

#include "persistence/data_folder.hpp"
#include "persistence/file_blob_walk.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

std::optional<std::uint64_t> bytes_in(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator entry{folder, error};
  if (error) return std::nullopt;
  std::uint64_t bytes = 0;
  for (; !error && entry != fs::directory_iterator{}; entry.increment(error)) {
    // RocksDB removes files meanwhile.
    if (const auto facts = look_at_file(entry->path())) bytes += facts->bytes;
  }
  return bytes;
}

}  // namespace

tl::expected<DiskFigures, StoreError> measure_disk(const fs::path& root) {
  struct statvfs disk {};
  if (::statvfs(root.c_str(), &disk) != 0) {
    return tl::unexpected{
        error_from_errno(errno, "cannot ask for the free space of " + root.string())};
  }
  return DiskFigures{.bytes = std::uint64_t{disk.f_blocks} * disk.f_frsize,
                     .free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize,
                     .job_store_bytes = bytes_in(root / data_folder::jobs)};
}

}  // namespace darkroom::persistence
