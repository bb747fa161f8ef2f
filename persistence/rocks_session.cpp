#include "persistence/rocks_session.hpp"

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "persistence/file_descriptor.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

/// Between two looks at a disk that has failed: each is a synced write.
constexpr std::chrono::seconds try_interval{1};

/// Damage does not pass by itself, and each opening leaves files behind.
constexpr std::chrono::seconds longest_try_interval{600};

/// Of nearly all that reads; the rest looks at is_failing().
constexpr std::chrono::milliseconds reading_takes{100};

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
    const std::filesystem::path& directory, const RocksOptions& options, const Report& report) {
  auto database = RocksDatabase::open(directory, options, report);
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

tl::expected<RocksSession::Database, StoreError> RocksSession::for_writing(const Mend& mend) {
  if (!failure_) return for_reading();
  const auto now = std::chrono::steady_clock::now();
  if (now < next_try_) return tl::unexpected{*failure_};
  next_try_ = now + interval_;
  auto opened = open_again(mend);
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
  const bool damaged = failure_->code == StoreErrorCode::corrupt;
  interval_ = damaged ? std::min(interval_ * 2, longest_try_interval) : try_interval;
  next_try_ = std::chrono::steady_clock::now() + interval_;
}

tl::expected<RocksSession::Database, StoreError> RocksSession::open_again(const Mend& mend) {
  // What opening needs at most: what is in memory as a table, and new logs. Closed for want of a
  // few bytes, the store could not even be read.
  constexpr std::size_t for_logs = std::size_t{1} << 20U;
  if (auto room = prove_room(directory_, options_.write_buffer_bytes + for_logs); !room) {
    return tl::unexpected{room.error()};
  }
  const std::scoped_lock lock{mutex_};
  // Nobody can begin to read while the mutex is held, and most are done in a moment. Where one is
  // not: at the next try, then.
  const auto patience = std::chrono::steady_clock::now() + reading_takes;
  while (database_.use_count() > 1) {
    if (std::chrono::steady_clock::now() >= patience) return tl::unexpected{*failure_};
    std::this_thread::sleep_for(reading_takes / 100);
  }
  database_.reset();
  auto opened = RocksDatabase::open(directory_, options_, {});
  if (!opened) return tl::unexpected{opened.error()};
  if (auto mended = mend(**opened); !mended) return tl::unexpected{mended.error()};
  database_ = std::move(*opened);
  return database_;
}

}  // namespace darkroom::persistence
