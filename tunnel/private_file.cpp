#include "tunnel/private_file.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace darkroom::tunnel {
namespace {

tl::unexpected<std::string> fault(const std::filesystem::path& file, std::string_view what) {
  return tl::unexpected{
      fmt::format("{}: {}: {}", file.string(), what, std::generic_category().message(errno))};
}

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t put = ::write(file, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

/// So that a new name outlives a power cut.
void sync_folder(const std::filesystem::path& folder) {
  const int number = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (number < 0) return;
  ::fsync(number);
  ::close(number);
}

}  // namespace

tl::expected<void, std::string> write_whole_file(const std::filesystem::path& file,
                                                 std::string_view content, mode_t mode) {
  // mkostemp() makes it with mode 0600.
  std::string temporary = file.string() + ".XXXXXX";
  const int number = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (number < 0) return fault(file, "cannot be written");
  const bool written =
      write_all(number, content) && ::fchmod(number, mode) == 0 && ::fsync(number) == 0;
  const int write_error = errno;
  ::close(number);
  errno = write_error;
  if (!written || ::rename(temporary.c_str(), file.c_str()) != 0) {
    const auto why = fault(file, "cannot be written");
    ::unlink(temporary.c_str());
    return why;
  }
  sync_folder(file.has_parent_path() ? file.parent_path() : ".");
  return {};
}

tl::expected<FolderLock, std::string> FolderLock::take(const std::filesystem::path& folder) {
  const int number = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (number < 0) return fault(folder, "cannot be opened");
  FolderLock lock{number};
  while (::flock(number, LOCK_EX) != 0) {
    if (errno != EINTR) return fault(folder, "cannot be locked");
  }
  return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : folder_(std::exchange(other.folder_, -1)) {}

FolderLock::~FolderLock() {
  if (folder_ >= 0) ::close(folder_);
}

}  // namespace darkroom::tunnel
