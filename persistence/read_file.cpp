#include "persistence/read_file.hpp"

#include <algorithm>
#include <cerrno>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "persistence/file_descriptor.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {

tl::expected<std::vector<std::byte>, StoreError> read_file(const std::filesystem::path& path,
                                                           std::uint64_t most) {
  // Opening a named pipe would else wait for somebody to write to it.
  const auto file = FileDescriptor::open(path, O_RDONLY | O_NONBLOCK);
  if (!file) return tl::unexpected{file.error()};
  struct stat status {};
  if (::fstat(file->number(), &status) != 0) {
    return tl::unexpected{error_from_errno(errno, "cannot look at " + path.string())};
  }
  if (!S_ISREG(status.st_mode)) {
    return tl::unexpected{StoreError{.code = StoreErrorCode::not_found,
                                     .message = path.string() + " is not a regular file"}};
  }
  // One byte more than is expected shows the end of the file, and one more than is allowed that
  // there is too much.
  std::vector<std::byte> bytes(
      std::min<std::uint64_t>(static_cast<std::uint64_t>(status.st_size), most) + 1);
  std::size_t filled = 0;
  while (true) {
    const ssize_t count = ::read(file->number(), bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return tl::unexpected{error_from_errno(errno, "cannot read " + path.string())};
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
    if (filled > most) {
      return tl::unexpected{StoreError{
          .code = StoreErrorCode::corrupt,
          .message = path.string() + " has more than " + std::to_string(most) + " bytes"}};
    }
    // It has grown meanwhile.
    if (filled == bytes.size()) bytes.resize(std::min<std::uint64_t>(filled * 2, most + 1));
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace darkroom::persistence
