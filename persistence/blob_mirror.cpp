#include "persistence/blob_mirror.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "persistence/blob_store.hpp"
#include "persistence/data_folder.hpp"
#include "persistence/directories.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t copy_bytes = std::size_t{1} << 20U;

/// Nothing where there is none, or what is there is no file. Follows no link.
std::optional<std::uint64_t> size_of(const fs::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(status.st_size);
}

/// The file system, or its rules, has no second names: another device, too many names for one file,
/// no such call, a file of another user's.
bool must_copy(int error) {
  return error == EXDEV || error == EMLINK || error == EPERM || error == EOPNOTSUPP ||
         error == ENOSYS || error == EACCES;
}

StoreError rename_error(const fs::path& from, const fs::path& to) {
  return error_from_errno(errno, "cannot rename " + from.string() + " to " + to.string());
}

tl::expected<std::uint64_t, StoreError> copy_content(const FileDescriptor& source,
                                                     const FileDescriptor& target) {
  std::vector<std::byte> buffer(copy_bytes);
  std::uint64_t total = 0;
  while (true) {
    const ssize_t got = ::read(source.number(), buffer.data(), buffer.size());
    if (got == 0) return total;
    if (got < 0) {
      if (errno == EINTR) continue;
      return tl::unexpected{error_from_errno(errno, "cannot read " + source.path().string())};
    }
    const auto count = static_cast<std::size_t>(got);
    if (auto written = target.write_all(std::span{buffer}.first(count)); !written) {
      return tl::unexpected{written.error()};
    }
    total += count;
  }
}

}  // namespace

tl::expected<BlobMirror, StoreError> BlobMirror::open(const fs::path& from, const fs::path& to) {
  for (const auto& folder : {to / data_folder::uploads, to / data_folder::temporary}) {
    if (auto made = make_directories(folder); !made) return tl::unexpected{made.error()};
  }
  auto folder = FileDescriptor::open(to, O_RDONLY | O_DIRECTORY);
  if (!folder) return tl::unexpected{folder.error()};
  return BlobMirror{from, to, std::move(*folder)};
}

tl::expected<BlobMirror::Result, StoreError> BlobMirror::add(std::string_view key,
                                                             std::optional<std::uint64_t> bytes) {
  if (!is_blob_key(key)) return Result::missing;
  const auto source = from_ / key;
  const auto target = to_ / key;
  const auto has = size_of(target);
  const auto offered = size_of(source);
  if (!has && !offered) return Result::missing;
  const bool right = has && (!bytes || *has == *bytes);
  if (has && (right || !offered || *offered != *bytes)) {
    ++counts_.present;
    return right ? Result::present : Result::other_size;
  }
  if (const auto folder = target.parent_path().filename().string(); !made_.contains(folder)) {
    if (auto made = make_directories(target.parent_path()); !made) {
      return tl::unexpected{made.error()};
    }
    made_.insert(folder);
  }
  auto brought = bring(source, target);
  // It was removed since it was looked at.
  if (!brought && brought.error().code == StoreErrorCode::not_found) {
    return has ? Result::other_size : Result::missing;
  }
  if (brought && bytes && *offered != *bytes) return Result::other_size;
  return brought;
}

tl::expected<BlobMirror::Result, StoreError> BlobMirror::bring(const fs::path& source,
                                                               const fs::path& target) {
  if (::link(source.c_str(), target.c_str()) == 0) {
    ++counts_.linked;
    return Result::linked;
  }
  if (errno == EEXIST) {
    // Another file of that name: replaced in one step, so that there is always one.
    const auto beside = to_ / data_folder::temporary / target.filename();
    ::unlink(beside.c_str());
    if (::link(source.c_str(), beside.c_str()) == 0) {
      if (std::rename(beside.c_str(), target.c_str()) != 0) {
        return tl::unexpected{rename_error(beside, target)};
      }
      ++counts_.linked;
      return Result::linked;
    }
  }
  if (must_copy(errno)) return copy(source, target);
  return tl::unexpected{
      error_from_errno(errno, "cannot link " + source.string() + " to " + target.string())};
}

tl::expected<BlobMirror::Result, StoreError> BlobMirror::copy(const fs::path& source,
                                                              const fs::path& target) {
  const auto from = FileDescriptor::open(source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!from) return tl::unexpected{from.error()};
  const auto beside = to_ / data_folder::temporary / target.filename();
  constexpr mode_t mode = 0640;
  // What is left of a copy that was cut off may have other names, whose content is not ours.
  ::unlink(beside.c_str());
  auto file = FileDescriptor::open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  if (!file) {
    auto error = file.error();
    // That the blob is not there is what `not_found` would mean to add().
    if (error.code == StoreErrorCode::not_found) error.code = StoreErrorCode::unwritable;
    return tl::unexpected{std::move(error)};
  }
  const auto copied = copy_content(*from, *file);
  if (!copied) {
    ::unlink(beside.c_str());
    return tl::unexpected{copied.error()};
  }
  struct stat status {};
  const bool known = ::fstat(from->number(), &status) == 0;
  const std::array<timespec, 2> times{status.st_atim, status.st_mtim};
  if (!known || ::futimens(file->number(), times.data()) != 0) {
    return tl::unexpected{error_from_errno(errno, "cannot set the time of " + beside.string())};
  }
  if (std::rename(beside.c_str(), target.c_str()) != 0) {
    return tl::unexpected{rename_error(beside, target)};
  }
  ++counts_.copied;
  counts_.copied_bytes += *copied;
  return Result::copied;
}

// One call for thousands of files, instead of one each. It reports what failed to be written since
// folder_ was opened (Linux 5.8 and later).
tl::expected<void, StoreError> BlobMirror::sync() const {
  if (::syncfs(folder_.number()) == 0) return {};
  return tl::unexpected{error_from_errno(errno, "cannot sync " + to_.string())};
}

}  // namespace darkroom::persistence
