#include "nodes/text_file.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace darkroom::nodes {
namespace {

constexpr std::size_t max_bytes = std::size_t{1} << 20U;

tl::unexpected<std::string> cannot_read(const std::filesystem::path& path, std::string_view why) {
  return tl::make_unexpected(fmt::format("{} cannot be read: {}", path.string(), why));
}

}  // namespace

tl::expected<std::string, std::string> read_text_file(const std::filesystem::path& path) {
  // Opening a folder succeeds and only reading it fails, with words that help nobody.
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return cannot_read(path, "it is a folder");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return cannot_read(path, std::generic_category().message(errno));
  std::string text(max_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return cannot_read(path, std::generic_category().message(errno));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > max_bytes) return cannot_read(path, "it is larger than 1 MiB");
  return text;
}

}  // namespace darkroom::nodes
