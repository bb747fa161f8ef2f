#include "http/connection_threads.hpp"

#include <exception>
#include <system_error>
#include <utility>

#include <spdlog/spdlog.h>
#include <sys/socket.h>

namespace darkroom::http {
namespace {

constexpr std::chrono::seconds idle_time{10};

}  // namespace

bool ConnectionThreads::run(FileDescriptor& connection) {
  const std::scoped_lock lock{mutex_};
  join_ended();
  if (open_ >= limit_) return false;
  if (idle_ <= waiting_.size()) {
    Worker& worker = workers_.emplace_back();
    try {
      worker.thread = std::thread{[this, &worker] { work(worker); }};
    } catch (const std::system_error& error) {
      workers_.pop_back();
      spdlog::error("no thread for a connection: {}", error.what());
      return false;
    }
    ++idle_;
  }
  waiting_.push_back(std::move(connection));
  ++open_;
  changed_.notify_all();
  return true;
}

void ConnectionThreads::work(Worker& worker) {
  std::unique_lock lock{mutex_};
  while (true) {
    changed_.wait_for(lock, idle_time, [this] { return !waiting_.empty() || stopping_; });
    if (waiting_.empty()) break;
    FileDescriptor connection = std::move(waiting_.front());
    waiting_.pop_front();
    --idle_;
    worker.connection = connection.get();
    lock.unlock();
    try {
      serve_(connection.get());
    } catch (const std::exception& error) {
      spdlog::error("a connection failed: {}", error.what());
    }
    lock.lock();
    // Forgotten before it is closed: stop() must not shut down a number that the system has given
    // to somebody else since.
    worker.connection = -1;
    connection = FileDescriptor{};
    --open_;
    ++idle_;
    changed_.notify_all();
  }
  --idle_;
  worker.ended = true;
}

// A thread that has marked itself ended holds no lock and does nothing more, so that joining it
// does not wait.
void ConnectionThreads::join_ended() {
  for (auto worker = workers_.begin(); worker != workers_.end();) {
    if (worker->ended) {
      worker->thread.join();
      worker = workers_.erase(worker);
    } else {
      ++worker;
    }
  }
}

void ConnectionThreads::stop(std::chrono::milliseconds grace) {
  {
    std::unique_lock lock{mutex_};
    stopping_ = true;
    changed_.notify_all();
    if (!changed_.wait_for(lock, grace, [this] { return open_ == 0; })) {
      spdlog::warn("{} connections are cut off", open_);
      for (const Worker& worker : workers_) {
        if (worker.connection >= 0) ::shutdown(worker.connection, SHUT_RDWR);
      }
    }
  }
  // No thread is added or removed any more, and each ends by itself.
  for (Worker& worker : workers_) {
    if (worker.thread.joinable()) worker.thread.join();
  }
  workers_.clear();
}

}  // namespace darkroom::http
