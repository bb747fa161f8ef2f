#include "actors/remote_task_files.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "actors/task_errors.hpp"
#include "jobs/random.hpp"
#include "jobs/watermark_limit.hpp"
#include "persistence/hex.hpp"
#include "persistence/sha256.hpp"

namespace darkroom::actors {
namespace {

using jobs::ErrorKind;
using persistence::FileDescriptor;
using persistence::StoreError;
using persistence::TransferError;
using Code = persistence::TransferErrorCode;

/// A file that has lost its name as soon as it is made.
tl::expected<FileDescriptor, StoreError> nameless_file(const std::filesystem::path& folder) {
  std::array<std::uint8_t, 16> name{};
  jobs::fill_random(name);
  constexpr mode_t owner_only = 0600;
  auto file = FileDescriptor::open(folder / ("original-" + persistence::to_hex(name)),
                                   O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, owner_only);
  if (file) ::unlink(file->path().c_str());
  return file;
}

/// A disk that takes no writes says nothing about the job, whosever it is.
ErrorKind kind_of(Code code) {
  const bool disk = code == Code::no_space || code == Code::unwritable;
  return disk ? ErrorKind::environment : ErrorKind::transient;
}

/// For the client, who knows one service and no nodes.
std::string in_words(Code code) {
  switch (code) {
    case Code::not_found:
      return "it is not in the store of files";
    case Code::no_space:
      return "a disk of the service is full";
    case Code::unwritable:
      return "the store of files does not work now";
    case Code::refused:
    case Code::expired:
      return "the store of files did not let its worker do so";
    case Code::damaged:
      return "it was damaged on its way";
    case Code::cancelled:
      return "nobody wants it any more";
    default:
      return "the store of files cannot be reached now";
  }
}

TaskError from_transfer(const Task& task, const std::string& what, const TransferError& error) {
  return file_error(task, kind_of(error.code), what, in_words(error.code), error.message);
}

TaskError scratch_error(const char* what, const std::filesystem::path& scratch, bool full,
                        const std::string& why) {
  return machine_error(what, "the disk of a worker does not take it",
                       full ? "no space left in " + scratch.string() : why);
}

/// In a file without a name, until it is sent.
class RemoteNewOriginal final : public NewOriginal {
 public:
  RemoteNewOriginal(const Task& task, FileDescriptor file, std::filesystem::path scratch,
                    persistence::BlobTransfer& transfer)
      : task_(task), file_(std::move(file)), scratch_(std::move(scratch)), transfer_(transfer) {}

  Result<void> write(std::span<const std::byte> bytes) override {
    if (auto written = file_.write_all(bytes); !written) return failed_here(written.error());
    hash_.update(bytes);
    bytes_ += bytes.size();
    return {};
  }

  Result<Whole> finish() override {
    auto mapped = persistence::MappedFile::map(file_);
    if (!mapped) return failed_here(mapped.error());
    sha256_ = hash_.finish();
    return Whole{.file = std::move(*mapped), .sha256 = sha256_};
  }

  Result<void> keep(const std::stop_token& stop) override {
    const auto sent = transfer_.upload(task_.fetched_url, file_, bytes_, sha256_, stop);
    if (sent) return {};
    const auto& error = sent.error();
    if (error.code == Code::too_large) {
      return file_error(task_, ErrorKind::permanent, what,
                        "it has " + std::to_string(bytes_) +
                            " bytes, more than the service takes (http.max_upload)",
                        error.message);
    }
    return from_transfer(task_, what, error);
  }

 private:
  static constexpr auto what = "The fetched picture cannot be kept";

  [[nodiscard]] TaskError failed_here(const StoreError& error) const {
    const bool full = error.code == persistence::StoreErrorCode::no_space;
    return scratch_error(what, scratch_, full, error.message);
  }

  Task task_;
  FileDescriptor file_;
  std::filesystem::path scratch_;
  persistence::BlobTransfer& transfer_;
  persistence::Sha256 hash_;
  std::uint64_t bytes_ = 0;
  std::string sha256_;
};

/// The URL of the rendition of that index; empty in a task that was made for another kind of
/// worker.
std::string url_of(const std::vector<std::string>& urls, std::size_t rendition) {
  return rendition < urls.size() ? urls[rendition] : std::string{};
}

}  // namespace

TaskFiles::Result<persistence::MappedFile> RemoteTaskFiles::original(const Task& task,
                                                                     const std::stop_token& stop) {
  constexpr auto what = "The original cannot be fetched";
  const auto here = [&](bool full, const std::string& why) {
    return scratch_error(what, scratch_, full, why);
  };
  const auto from_store = [&](const StoreError& error) {
    return here(error.code == persistence::StoreErrorCode::no_space, error.message);
  };
  const auto file = nameless_file(scratch_);
  if (!file) return from_store(file.error());
  const auto fetched = transfer_.download(
      task.original_url, {.sha256 = task.original_sha256, .bytes = task.original_bytes}, *file,
      stop);
  if (!fetched) {
    const auto& error = fetched.error();
    if (error.here) return here(error.code == Code::no_space, error.message);
    if (error.code == Code::not_found) return original_missing();
    if (error.code == Code::damaged) return original_damaged(task, error.message);
    return from_transfer(task, what, error);
  }
  auto mapped = persistence::MappedFile::map(*file);
  if (!mapped) return from_store(mapped.error());
  return std::move(*mapped);
}

TaskFiles::Result<std::unique_ptr<NewOriginal>> RemoteTaskFiles::new_original(const Task& task) {
  auto file = nameless_file(scratch_);
  if (!file) {
    const bool full = file.error().code == persistence::StoreErrorCode::no_space;
    return scratch_error("A picture cannot be fetched", scratch_, full, file.error().message);
  }
  return std::make_unique<RemoteNewOriginal>(task, std::move(*file), scratch_, transfer_);
}

TaskFiles::Result<std::vector<std::byte>> RemoteTaskFiles::watermark(const Task& task,
                                                                     std::size_t rendition,
                                                                     const std::stop_token& stop) {
  const auto& watermark = *task.renditions.at(rendition).watermark;
  auto bytes =
      transfer_.download(url_of(task.watermark_urls, rendition), jobs::max_watermark_bytes, stop);
  if (bytes) return std::move(*bytes);
  const auto& error = bytes.error();
  // The file there is at fault, unless it is what lies between.
  if (kind_of(error.code) == ErrorKind::environment || error.code == Code::not_found ||
      error.code == Code::too_large) {
    return unreadable_watermark(task, watermark, error.message);
  }
  return from_transfer(task, "The watermark " + watermark.name + " cannot be fetched", error);
}

TaskFiles::Result<StoredRendition> RemoteTaskFiles::store(const Task& task, std::size_t rendition,
                                                          std::span<const std::byte> bytes,
                                                          const std::stop_token& stop) {
  const auto& spec = task.renditions.at(rendition);
  persistence::Sha256 hash;
  hash.update(bytes);
  StoredRendition stored{.key = jobs::rendition_key(task.job, spec, task.attempt),
                         .sha256 = hash.finish()};
  const auto sent =
      transfer_.upload(url_of(task.rendition_urls, rendition), bytes, stored.sha256, stop);
  if (sent) return stored;
  const auto what = "Cannot write rendition " + spec.name;
  if (sent.error().code == Code::too_large) {
    // The next attempt would make the same bytes.
    return file_error(task, ErrorKind::permanent, what,
                      "it has " + std::to_string(bytes.size()) +
                          " bytes, more than the service takes (transfer.max_rendition)",
                      sent.error().message);
  }
  return from_transfer(task, what, sent.error());
}

}  // namespace darkroom::actors
