#include "persistence/file_blob_writer.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jobs/random.hpp"
#include "persistence/directories.hpp"
#include "persistence/hex.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{256} << 10U;
constexpr mode_t mode_while_temporary = 0600;
constexpr mode_t mode_once_committed = 0640;

/// 128 random bits in hex: no two writers ever share one, so O_EXCL needs no second try.
std::string random_name() {
  std::array<std::uint8_t, 16> bytes{};
  jobs::fill_random(bytes);
  return to_hex(bytes);
}

tl::unexpected<StoreError> misuse(std::string_view what) {
  return tl::unexpected{
      StoreError{.code = StoreErrorCode::unwritable, .message = std::string{what}}};
}

}  // namespace

tl::expected<std::unique_ptr<FileBlobWriter>, StoreError> FileBlobWriter::create(
    std::shared_ptr<BlobFolders> folders) {
  auto file = FileDescriptor::open(folders->temporary() / random_name(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode_while_temporary);
  if (!file) return tl::unexpected{file.error()};
  return std::make_unique<FileBlobWriter>(std::move(folders), std::move(*file));
}

FileBlobWriter::FileBlobWriter(std::shared_ptr<BlobFolders> folders, FileDescriptor file)
    : folders_(std::move(folders)), file_(std::move(file)) {
  buffer_.reserve(buffer_bytes);
}

FileBlobWriter::~FileBlobWriter() {
  if (state_ != State::committed) ::unlink(path().c_str());
}

tl::expected<void, StoreError> FileBlobWriter::write(std::span<const std::byte> bytes) {
  if (failure_) return tl::unexpected{*failure_};
  if (state_ != State::writing) return misuse("a blob was written to after it was finished");
  hash_.update(bytes);
  size_ += bytes.size();
  while (!bytes.empty()) {
    const auto taken = std::min(bytes.size(), buffer_bytes - buffer_.size());
    buffer_.insert(buffer_.end(), bytes.begin(),
                   bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    bytes = bytes.subspan(taken);
    if (buffer_.size() < buffer_bytes) break;
    if (auto flushed = flush(); !flushed) return flushed;
  }
  return {};
}

tl::expected<void, StoreError> FileBlobWriter::flush() {
  auto written = folders_->check_room();
  if (written) written = file_.write_all(buffer_);
  if (!written) failure_ = written.error();
  buffer_.clear();
  return written;
}

tl::expected<std::string, StoreError> FileBlobWriter::finish() {
  if (failure_) return tl::unexpected{*failure_};
  if (state_ != State::writing) return misuse("a blob was finished twice");
  if (auto flushed = flush(); !flushed) return tl::unexpected{flushed.error()};
  state_ = State::finished;
  return hash_.finish();
}

tl::expected<void, StoreError> FileBlobWriter::commit(std::string_view key) {
  if (failure_) return tl::unexpected{*failure_};
  if (state_ == State::writing) return misuse("a blob was committed before it was finished");
  if (state_ == State::committed) return misuse("a blob was committed twice");
  if (!is_blob_key(key)) {
    return tl::unexpected{StoreError{.code = StoreErrorCode::bad_key,
                                     .message = "not a key of a blob: " + std::string{key}}};
  }
  if (::fchmod(file_.number(), mode_once_committed) != 0) {
    return tl::unexpected{error_from_errno(errno, "cannot set the mode of " + path().string())};
  }
  if (auto synced = file_.sync(); !synced) return synced;

  const auto target = folders_->file_of(key);
  if (auto renamed = rename_to(target); !renamed) return renamed;
  state_ = State::committed;
  // Where this fails the blob can be seen, but might not survive a power cut: the caller hears of
  // it and repeats the whole blob, which replaces this one.
  return sync_directory(target.parent_path());
}

tl::expected<void, StoreError> FileBlobWriter::rename_to(const std::filesystem::path& target) {
  const auto folder = target.parent_path().filename().string();
  if (auto made = folders_->ensure(folder); !made) return made;
  if (std::rename(path().c_str(), target.c_str()) == 0) return {};
  if (errno == ENOENT) {
    if (auto made = folders_->ensure_again(folder); !made) return made;
    if (std::rename(path().c_str(), target.c_str()) == 0) return {};
  }
  auto error =
      error_from_errno(errno, "cannot rename " + path().string() + " to " + target.string());
  // The temporary file was taken away: a fault of the store's, not a blob that is not there.
  if (error.code == StoreErrorCode::not_found) error.code = StoreErrorCode::unwritable;
  return tl::unexpected{std::move(error)};
}

}  // namespace darkroom::persistence
