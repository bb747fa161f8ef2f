#include "persistence/mapped_file.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

void unmap(std::span<const std::byte> bytes) {
  // munmap wants a pointer to what may be written, and writes nothing.
  if (!bytes.empty()) ::munmap(const_cast<std::byte*>(bytes.data()), bytes.size());
}

}  // namespace

tl::expected<MappedFile, StoreError> MappedFile::open(const std::filesystem::path& path) {
  const auto file = FileDescriptor::open(path, O_RDONLY | O_NONBLOCK);  // It may be a pipe.
  if (!file) return tl::unexpected{file.error()};
  return map(*file);
}

tl::expected<MappedFile, StoreError> MappedFile::map(const FileDescriptor& file) {
  const auto& path = file.path();
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) {
    return tl::unexpected{error_from_errno(errno, "cannot look at " + path.string())};
  }
  if (!S_ISREG(status.st_mode)) {
    return tl::unexpected{StoreError{.code = StoreErrorCode::not_found,
                                     .message = path.string() + " is not a regular file"}};
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return MappedFile{{}};
  const void* start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number(), 0);
  if (start == MAP_FAILED) {
    return tl::unexpected{error_from_errno(errno, "cannot map " + path.string())};
  }
  return MappedFile{{static_cast<const std::byte*>(start), size}};
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  unmap(bytes_);
}

}  // namespace darkroom::persistence
