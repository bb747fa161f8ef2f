#include "persistence/rocks_session.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "persistence/file_descriptor.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

/// Between two looks at a disk that has failed: each is a synced write.
constexpr std::chrono::seconds try_interval{1};

/// Proves that `directory` takes `bytes` more, by a file that does not stay.
tl::expected<void, StoreError> prove_room(const std::filesystem::path& directory,
                                          std::size_t bytes) {
  const auto path = directory / "room";
  auto file = FileDescriptor::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
  if (!file) return tl::unexpected{file.error()};
  tl::expected<void, StoreError> proved;
  const int failed = ::posix_fallocate(file->number(), 0, static_cast<off_t>(bytes));
  if (failed != 0) {
    proved = tl::unexpected{error_from_errno(failed, "cannot write " + path.string())};
  } else {
    proved = file->sync();
  }
  ::unlink(path.c_str());
  return proved;
}

}  // namespace

tl::expected<std::unique_ptr<RocksSession>, StoreError> RocksSession::open(
    const std::filesystem::path& directory, const RocksOptions& options) {
  auto database = RocksDatabase::open(directory, options);
  if (!database) return tl::unexpected{database.error()};
  return std::make_unique<RocksSession>(directory, options, std::move(*database));
}

RocksSession::RocksSession(std::filesystem::path directory, const RocksOptions& options,
                           Database database)
    : directory_(std::move(directory)), options_(options), database_(std::move(database)) {}

tl::expected<RocksSession::Database, StoreError> RocksSession::for_reading() const {
  const std::scoped_lock lock{mutex_};
  if (database_) return database_;
  return tl::unexpected{
      StoreError{.code = StoreErrorCode::unwritable,
                 .message = "the job store in " + directory_.string() +
                            " is closed, because it could not be opened again after an error"}};
}

tl::expected<RocksSession::Database, StoreError> RocksSession::for_writing() {
  if (!failure_) return for_reading();
  const auto now = std::chrono::steady_clock::now();
  if (now < next_try_) return tl::unexpected{*failure_};
  next_try_ = now + try_interval;
  auto opened = open_again();
  if (opened) {
    failure_.reset();
    failing_ = false;
  } else {
    failure_ = opened.error();
  }
  return opened;
}

void RocksSession::note_failure(StoreError error) {
  failure_ = std::move(error);
  failing_ = true;
  next_try_ = std::chrono::steady_clock::now() + try_interval;
}

tl::expected<RocksSession::Database, StoreError> RocksSession::open_again() {
  // What opening needs at most: what is in memory as a table, and new logs. Closed for want of a
  // few bytes, the store could not even be read.
  constexpr std::size_t for_logs = std::size_t{1} << 20U;
  if (auto room = prove_room(directory_, options_.write_buffer_bytes + for_logs); !room) {
    return tl::unexpected{room.error()};
  }
  const std::scoped_lock lock{mutex_};
  // Somebody is reading: at the next try, then. Nobody can begin to while the mutex is held.
  if (database_.use_count() > 1) return tl::unexpected{*failure_};
  database_.reset();
  auto opened = RocksDatabase::open(directory_, options_);
  if (!opened) return tl::unexpected{opened.error()};
  database_ = std::move(*opened);
  return database_;
}

}  // namespace darkroom::persistence
