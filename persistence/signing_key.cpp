#include "persistence/signing_key.hpp"

#include <cerrno>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jobs/random.hpp"
#include "persistence/data_folder.hpp"
#include "persistence/directories.hpp"
#include "persistence/file_descriptor.hpp"
#include "persistence/hex.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

/// 64 hex digits and the end of the line, so that a file that was cut off or zeroed shows.
constexpr std::size_t file_bytes = 65;

tl::unexpected<StoreError> unusable(const fs::path& path, const std::string& why) {
  return tl::unexpected{StoreError{
      .code = StoreErrorCode::corrupt,
      .message = "the key that signs URLs, " + path.string() + ", " + why +
                 ". Remove it and start again: a new one is made, and workers and ingest nodes "
                 "that use a URL of the old one ask for another"}};
}

tl::expected<SigningKey, StoreError> read_key(const FileDescriptor& file) {
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) {
    return tl::unexpected{error_from_errno(errno, "cannot look at " + file.path().string())};
  }
  if (!S_ISREG(status.st_mode)) return unusable(file.path(), "is no regular file");
  constexpr mode_t others = S_IRWXG | S_IRWXO;
  if ((status.st_mode & others) != 0) {
    return unusable(file.path(), "may be read by others than its owner, who may know it by now");
  }
  // One more shows that there is too much.
  std::array<char, file_bytes + 1> text{};
  const ssize_t count = ::pread(file.number(), text.data(), text.size(), 0);
  if (count < 0) {
    return tl::unexpected{error_from_errno(errno, "cannot read " + file.path().string())};
  }
  const std::string_view line{text.data(), static_cast<std::size_t>(count)};
  const auto key = line.size() == file_bytes && line.ends_with('\n')
                       ? parse_hex_sha256(line.substr(0, line.size() - 1))
                       : std::nullopt;
  if (!key) return unusable(file.path(), "is damaged");
  return *key;
}

/// Nothing where there is no such file.
tl::expected<std::optional<SigningKey>, StoreError> find_key(const fs::path& path) {
  // O_NONBLOCK: opening must not hang where somebody put a pipe there.
  const auto file = FileDescriptor::open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file && file.error().code == StoreErrorCode::not_found) return std::nullopt;
  if (!file) return tl::unexpected{file.error()};
  auto key = read_key(*file);
  if (!key) return tl::unexpected{std::move(key.error())};
  return *key;
}

tl::expected<void, StoreError> write_new(const fs::path& path) {
  SigningKey key{};
  jobs::fill_random(key);
  constexpr mode_t owner_only = 0600;
  const auto file =
      FileDescriptor::open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, owner_only);
  if (!file) return tl::unexpected{file.error()};
  const std::string text = to_hex(key) + "\n";
  if (auto written = file->write_all(std::as_bytes(std::span{text})); !written) return written;
  return file->sync();
}

}  // namespace

tl::expected<SigningKey, StoreError> load_signing_key(const fs::path& root) {
  const auto path = root / data_folder::signing_key;
  auto found = find_key(path);
  if (!found) return tl::unexpected{std::move(found.error())};
  if (*found) return **found;

  // It gets its name when it is whole. One that lacks it is of a start that was cut off.
  const auto unfinished = root / data_folder::unfinished_signing_key;
  ::unlink(unfinished.c_str());
  if (auto made = write_new(unfinished); !made) return tl::unexpected{made.error()};
  // Unlike rename(2), this never replaces a key that somebody may use already.
  if (::link(unfinished.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    return tl::unexpected{error_from_errno(errno, "cannot make " + path.string())};
  }
  ::unlink(unfinished.c_str());
  if (auto synced = sync_directory(root); !synced) return tl::unexpected{synced.error()};
  found = find_key(path);
  if (!found) return tl::unexpected{std::move(found.error())};
  if (!*found) return unusable(path, "was taken away as soon as it was made");
  return **found;
}

}  // namespace darkroom::persistence
