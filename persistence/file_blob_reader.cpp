#include "persistence/file_blob_reader.hpp"

#include <cerrno>
#include <chrono>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "persistence/system_error.hpp"

namespace darkroom::persistence {

jobs::Timestamp file_time(std::int64_t seconds, std::int64_t nanoseconds) {
  return jobs::Timestamp{
      std::chrono::seconds{seconds} +
      std::chrono::floor<std::chrono::milliseconds>(std::chrono::nanoseconds{nanoseconds})};
}

tl::expected<std::unique_ptr<FileBlobReader>, StoreError> FileBlobReader::open(
    const std::filesystem::path& path) {
  // O_NONBLOCK: opening must not hang where somebody put a pipe in place of a file.
  auto file = FileDescriptor::open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file) {
    std::error_code ignored;
    auto error = file.error();
    if (std::filesystem::is_symlink(path, ignored)) {
      error = {.code = StoreErrorCode::not_found,
               .message = path.string() + " is a symbolic link, which the store never follows"};
    }
    return tl::unexpected{std::move(error)};
  }
  struct stat status {};
  if (::fstat(file->number(), &status) != 0) {
    return tl::unexpected{error_from_errno(errno, "cannot look at " + path.string())};
  }
  if (!S_ISREG(status.st_mode)) {
    return tl::unexpected{StoreError{.code = StoreErrorCode::not_found,
                                     .message = path.string() + " is not a regular file"}};
  }
  return std::make_unique<FileBlobReader>(std::move(*file),
                                          static_cast<std::uint64_t>(status.st_size),
                                          file_time(status.st_mtim.tv_sec, status.st_mtim.tv_nsec));
}

tl::expected<std::size_t, StoreError> FileBlobReader::read_at(std::uint64_t offset,
                                                              std::span<std::byte> out) const {
  if (offset >= size_) return 0;
  while (true) {
    const ssize_t got = ::pread(file_.number(), out.data(), out.size(), static_cast<off_t>(offset));
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) {
      return tl::unexpected{error_from_errno(errno, "cannot read " + file_.path().string())};
    }
  }
}

}  // namespace darkroom::persistence
