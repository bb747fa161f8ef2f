#include "actors/committer.hpp"

#include <exception>
#include <string>
#include <utility>

namespace darkroom::actors {

Committer::Outcome write_batch(persistence::JobStore& store, const persistence::WriteSet& batch) {
  try {
    return batch.empty() ? store.check_writable() : store.commit(batch);
  } catch (const std::exception& thrown) {
    return tl::unexpected{persistence::StoreError{
        .code = persistence::StoreErrorCode::unwritable,
        .message = std::string{"the job store threw an exception: "} + thrown.what()}};
  }
}

ThreadedCommitter::ThreadedCommitter(std::shared_ptr<persistence::JobStore> store,
                                     std::function<void()> written)
    : store_(std::move(store)), written_(std::move(written)) {}

void ThreadedCommitter::start(persistence::WriteSet batch) {
  const std::scoped_lock lock{mutex_};
  batch_ = std::move(batch);
  changed_.notify_all();
}

std::optional<Committer::Outcome> ThreadedCommitter::take() {
  const std::scoped_lock lock{mutex_};
  return std::exchange(outcome_, std::nullopt);
}

Committer::Outcome ThreadedCommitter::wait() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] { return outcome_.has_value(); });
  return *std::exchange(outcome_, std::nullopt);
}

void ThreadedCommitter::run(const std::stop_token& stop) {
  while (true) {
    std::unique_lock lock{mutex_};
    if (!changed_.wait(lock, stop, [&] { return batch_.has_value(); })) return;
    const auto batch = *std::exchange(batch_, std::nullopt);
    lock.unlock();
    auto outcome = write_batch(*store_, batch);
    lock.lock();
    outcome_ = std::move(outcome);
    changed_.notify_all();
    lock.unlock();
    written_();
  }
}

}  // namespace darkroom::actors
