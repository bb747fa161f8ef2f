#include "http/local_socket.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace darkroom::http {
namespace {

namespace fs = std::filesystem;

/// sun_path, with the zero byte at its end.
constexpr std::size_t name_room = sizeof(sockaddr_un::sun_path);

std::string cannot_listen(const fs::path& file, int error) {
  return fmt::format("cannot listen on {}: {}", file.string(),
                     std::generic_category().message(error));
}

}  // namespace

tl::expected<LocalSocketName, std::error_code> LocalSocketName::of(const fs::path& file) {
  if (file.native().size() < name_room) {
    return LocalSocketName{file.string(), persistence::FileDescriptor{}};
  }
  persistence::FileDescriptor folder{
      ::open(file.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  if (!folder) return tl::unexpected{std::error_code{errno, std::generic_category()}};
  auto text = fmt::format("/proc/self/fd/{}/{}", folder.number(), file.filename().string());
  return LocalSocketName{std::move(text), std::move(folder)};
}

LocalSocketFile::~LocalSocketFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

tl::expected<LocalListener, std::string> listen_locally(const fs::path& file) {
  const auto name = LocalSocketName::of(file);
  if (!name) return tl::unexpected{cannot_listen(file, name.error().value())};
  if (name->text().size() >= name_room) {
    return tl::unexpected{cannot_listen(file, ENAMETOOLONG)};
  }
  struct stat status {};
  if (::lstat(name->text().c_str(), &status) == 0) {
    if (!S_ISSOCK(status.st_mode)) {
      return tl::unexpected{fmt::format(
          "cannot listen on {}: something else has that name; move it away", file.string())};
    }
    // Of a process that died.
    ::unlink(name->text().c_str());
  }
  persistence::FileDescriptor socket{
      ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!socket) return tl::unexpected{cannot_listen(file, errno)};
  // Before bind(), which makes the file with the socket's mode: at no time can others connect.
  constexpr mode_t owner_only = 0600;
  if (::fchmod(socket.number(), owner_only) != 0) {
    return tl::unexpected{cannot_listen(file, errno)};
  }
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(static_cast<void*>(address.sun_path), name->text().c_str(), name->text().size());
  constexpr int backlog = 16;
  if (::bind(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return tl::unexpected{cannot_listen(file, errno)};
  }
  LocalSocketFile made{file};
  if (::listen(socket.number(), backlog) != 0) {
    return tl::unexpected{cannot_listen(file, errno)};
  }
  return LocalListener{Listener{std::move(socket)}, std::move(made)};
}

}  // namespace darkroom::http
