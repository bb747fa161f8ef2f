#include "http/connection_threads.hpp"

#include <exception>
#include <system_error>
#include <utility>

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include "http/limits.hpp"

namespace darkroom::http {
bool ConnectionThreads::run(persistence::FileDescriptor& connection) {
  const std::scoped_lock lock{mutex_};
  join_ended();
  if (open_ - leaving_ >= limit_ && !make_room()) return false;
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
  work_.notify_one();
  return true;
}

// Between two requests RFC 9112, section 9.8, lets a server close at any time; a client that has
// not sent its first one yet is served worse only than those that have.
bool ConnectionThreads::make_room() {
  Worker* longest = nullptr;
  for (Worker& worker : workers_) {
    if (!worker.waits_since) continue;
    if (longest == nullptr || worker.waits_since < longest->waits_since) longest = &worker;
  }
  if (longest == nullptr) return false;
  longest->waits_since.reset();
  longest->leaving = true;
  ++leaving_;
  ::shutdown(longest->connection, SHUT_RDWR);
  return true;
}

void ConnectionThreads::Place::wait_for_request() {
  const std::scoped_lock lock{threads_.mutex_};
  if (!worker_.leaving) worker_.waits_since = std::chrono::steady_clock::now();
}

bool ConnectionThreads::Place::begin_request() {
  const std::scoped_lock lock{threads_.mutex_};
  worker_.waits_since.reset();
  return !worker_.leaving;
}

void ConnectionThreads::work(Worker& worker) {
  std::unique_lock lock{mutex_};
  while (true) {
    work_.wait_for(lock, limits::idle_thread_time,
                   [this] { return !waiting_.empty() || stopping_; });
    if (waiting_.empty()) break;
    persistence::FileDescriptor connection = std::move(waiting_.front());
    waiting_.pop_front();
    --idle_;
    worker.connection = connection.number();
    worker.waits_since = std::chrono::steady_clock::now();
    lock.unlock();
    try {
      Place place{*this, worker};
      serve_(connection.number(), place);
    } catch (const std::exception& error) {
      spdlog::error("a connection failed: {}", error.what());
    }
    lock.lock();
    // Forgotten before it is closed: stop() must not shut down a number that the system has given
    // to somebody else since.
    worker.connection = -1;
    worker.waits_since.reset();
    if (worker.leaving) --leaving_;
    worker.leaving = false;
    connection = persistence::FileDescriptor{};
    --open_;
    ++idle_;
    if (open_ == 0) all_closed_.notify_all();
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

void ConnectionThreads::shut_down_all(int direction) const {
  for (const Worker& worker : workers_) {
    if (worker.connection >= 0) ::shutdown(worker.connection, direction);
  }
}

void ConnectionThreads::stop(std::chrono::milliseconds grace) {
  {
    std::unique_lock lock{mutex_};
    stopping_ = true;
    work_.notify_all();
    const auto all_closed = [this] { return open_ == 0; };
    if (!all_closed_.wait_for(lock, grace, all_closed)) {
      spdlog::warn("{} connections are cut off", open_);
      // Who still sends is told that it was not heard out.
      shut_down_all(SHUT_RD);
      if (!all_closed_.wait_for(lock, limits::last_words, all_closed)) shut_down_all(SHUT_RDWR);
    }
  }
  // No thread is added or removed any more, and each ends by itself.
  for (Worker& worker : workers_) {
    if (worker.thread.joinable()) worker.thread.join();
  }
  workers_.clear();
}

}  // namespace darkroom::http
