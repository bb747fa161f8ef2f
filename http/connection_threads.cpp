#include "http/connection_threads.hpp"

#include <exception>
#include <iterator>
#include <system_error>
#include <utility>

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include "http/limits.hpp"

namespace darkroom::http {
namespace {

using SteadyClock = std::chrono::steady_clock;

}  // namespace

bool ConnectionThreads::run(persistence::FileDescriptor& connection, const std::string& client) {
  const std::scoped_lock lock{mutex_};
  // Each of them is at its very end, so that joining it does not wait.
  for (Worker& worker : ended_)
    worker.thread.join();
  ended_.clear();
  if (places_.size() >= limit_ && !make_room(client)) return false;
  if (idle_ <= waiting_.size() && !add_thread()) return false;
  auto& place = places_.open(connection.number(), client, SteadyClock::now());
  waiting_.push_back({std::move(connection), &place});
  work_.notify_one();
  return true;
}

bool ConnectionThreads::add_thread() {
  Worker& worker = workers_.emplace_back();
  worker.self = std::prev(workers_.end());
  try {
    worker.thread = std::thread{[this, &worker] { work(worker); }};
  } catch (const std::system_error& error) {
    workers_.pop_back();
    spdlog::error("no thread for a connection: {}", error.what());
    return false;
  }
  ++idle_;
  return true;
}

// Between two requests RFC 9112, section 9.8, lets a server close at any time; a client that has
// not sent its first one yet is served worse only than those that have.
bool ConnectionThreads::make_room(const std::string& client) {
  const auto* const loser = places_.make_room(client);
  if (loser == nullptr) return false;
  ::shutdown(loser->descriptor, SHUT_RDWR);
  return true;
}

void ConnectionThreads::Place::wait_for_request() {
  const std::scoped_lock lock{threads_.mutex_};
  threads_.places_.wait_for_request(place_, SteadyClock::now());
}

bool ConnectionThreads::Place::begin_request() {
  const std::scoped_lock lock{threads_.mutex_};
  return threads_.places_.begin_request(place_, SteadyClock::now());
}

void ConnectionThreads::work(Worker& worker) {
  std::unique_lock lock{mutex_};
  while (true) {
    work_.wait_for(lock, limits::idle_thread_time,
                   [this] { return !waiting_.empty() || stopping_; });
    if (waiting_.empty()) break;
    Handed handed = std::move(waiting_.front());
    waiting_.pop_front();
    --idle_;
    serve(std::move(handed), lock);
    ++idle_;
  }
  --idle_;
  ended_.splice(ended_.end(), workers_, worker.self);
  // Under the lock: stop() may have destroyed this object when it is released.
  thread_ended_.notify_all();
}

void ConnectionThreads::serve(Handed handed, std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  try {
    Place place{*this, *handed.place};
    serve_(handed.connection.number(), place);
  } catch (const std::exception& error) {
    spdlog::error("a connection failed: {}", error.what());
  }
  lock.lock();
  // Forgotten before it is closed: nobody must shut down a number that the system has given to
  // somebody else since.
  places_.close(*handed.place);
  handed.connection = persistence::FileDescriptor{};
  if (places_.all().empty()) all_closed_.notify_all();
}

void ConnectionThreads::shut_down_all(int direction) const {
  for (const auto& place : places_.all())
    ::shutdown(place.descriptor, direction);
}

void ConnectionThreads::stop(std::chrono::milliseconds grace) {
  std::unique_lock lock{mutex_};
  stopping_ = true;
  work_.notify_all();
  const auto all_closed = [this] { return places_.all().empty(); };
  if (!all_closed_.wait_for(lock, grace, all_closed)) {
    spdlog::warn("{} connections are cut off", places_.all().size());
    // Who still sends is told that it was not heard out.
    shut_down_all(SHUT_RD);
    if (!all_closed_.wait_for(lock, limits::last_words, all_closed)) shut_down_all(SHUT_RDWR);
  }
  // No thread is added any more, and each ends by itself.
  thread_ended_.wait(lock, [this] { return workers_.empty(); });
  for (Worker& worker : ended_) {
    // It needs the lock no more.
    worker.thread.join();
  }
  ended_.clear();
}

}  // namespace darkroom::http
