#include "persistence/file_descriptor.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "persistence/system_error.hpp"

namespace darkroom::persistence {

tl::expected<FileDescriptor, StoreError> FileDescriptor::open(const std::filesystem::path& path,
                                                              int flags, mode_t mode) {
  while (true) {
    const int number = ::open(path.c_str(), flags | O_CLOEXEC, mode);
    if (number >= 0) return FileDescriptor{number, path};
    if (errno != EINTR) {
      return tl::unexpected{error_from_errno(errno, "cannot open " + path.string())};
    }
  }
}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(number_, other.number_);
  std::swap(path_, other.path_);
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) ::close(number_);
}

tl::expected<void, StoreError> FileDescriptor::write_all(std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = ::write(number_, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return tl::unexpected{error_from_errno(errno, "cannot write " + path_.string())};
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

tl::expected<void, StoreError> FileDescriptor::sync() const {
  while (::fsync(number_) != 0) {
    if (errno == EINTR) continue;
    return tl::unexpected{error_from_errno(errno, "cannot sync " + path_.string())};
  }
  return {};
}

}  // namespace darkroom::persistence
