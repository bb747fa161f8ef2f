#include "nodes/image_file.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

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
  std::vector<std::byte> bytes(size);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (file.bad()) return cannot_read(system_message());
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

tl::expected<void, std::string> write_image_file(const fs::path& path,
                                                 std::span<const std::byte> bytes) {
  // The process id keeps two runs into one folder apart.
  fs::path temporary = path;
  temporary += fmt::format(".{}.tmp", ::getpid());
  errno = 0;
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  if (!file) return cannot_write(path, system_message());
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code error;
  if (!file) {
    auto failure = cannot_write(path, system_message());
    fs::remove(temporary, error);
    return failure;
  }
  fs::rename(temporary, path, error);
  if (!error) return {};
  std::error_code ignored;
  fs::remove(temporary, ignored);
  return cannot_write(path, error.message());
}

}  // namespace darkroom::nodes
