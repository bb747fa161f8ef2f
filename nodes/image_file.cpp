#include "nodes/image_file.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>

#include "jobs/random.hpp"
#include "persistence/file_descriptor.hpp"

namespace darkroom::nodes {
namespace {

namespace fs = std::filesystem;

std::string system_message() {
  return std::generic_category().message(errno);
}

tl::unexpected<std::string> cannot_write(const fs::path& path, std::string_view why) {
  return tl::make_unexpected(fmt::format("{} cannot be written: {}", path.string(), why));
}

}  // namespace

tl::expected<std::vector<std::byte>, std::string> read_image_file(const fs::path& path) {
  const auto cannot_read = [](std::string_view why) {
    return tl::make_unexpected(fmt::format("cannot be read: {}", why));
  };
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status) && error) return cannot_read(error.message());
  if (!fs::is_regular_file(status)) {
    return cannot_read(fs::is_directory(status) ? "it is a folder" : "it is not a regular file");
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return cannot_read(system_message());
  const auto size = fs::file_size(path, error);
  if (error) return cannot_read(error.message());
  if (size > max_image_file_bytes) {
    return cannot_read(
        fmt::format("it has {} bytes; {} are the most for a picture", size, max_image_file_bytes));
  }
  std::vector<std::byte> bytes(size);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (file.bad()) return cannot_read(system_message());
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

tl::expected<void, std::string> write_image_file(const fs::path& path,
                                                 std::span<const std::byte> bytes) {
  using persistence::FileDescriptor;
  // In a folder that others may write to, a name that can be foreseen could be made a link to any
  // file of ours.
  fs::path temporary = path;
  temporary += fmt::format(".{:016x}.tmp", jobs::random_u64());
  constexpr mode_t by_umask = 0666;
  const auto file =
      FileDescriptor::open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, by_umask);
  if (!file) return cannot_write(path, file.error().message);
  auto done = file->write_all(bytes);
  if (done) done = file->sync();
  std::error_code error;
  if (done) fs::rename(temporary, path, error);
  if (!done || error) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    return cannot_write(path, done ? error.message() : done.error().message);
  }
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path{"."};
  const auto opened = FileDescriptor::open(folder, O_RDONLY | O_DIRECTORY);
  if (!opened) return cannot_write(path, opened.error().message);
  if (const auto synced = opened->sync(); !synced)
    return cannot_write(path, synced.error().message);
  return {};
}

}  // namespace darkroom::nodes
