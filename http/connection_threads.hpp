#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

#include "jobs/timestamp.hpp"
#include "persistence/file_descriptor.hpp"

namespace darkroom::http {

/// Threads that serve one connection each: made on demand up to a limit, kept a while for the next
/// connection, ended when idle. Where the limit is reached, a new connection takes the place of
/// the one that has waited longest for a request, so that silent clients shut nobody out.
class ConnectionThreads {
  struct Worker;

 public:
  /// A connection's place among those that are open; used by the thread that serves it.
  class Place {
   public:
    Place(ConnectionThreads& threads, Worker& worker) : threads_(threads), worker_(worker) {}

    /// From now on the connection may be shut down in favour of a new one. So it is at first.
    void wait_for_request();

    /// A whole header has come: from now on the connection keeps its place. False where it has
    /// lost it already.
    [[nodiscard]] bool begin_request();

   private:
    ConnectionThreads& threads_;
    Worker& worker_;
  };

  /// Serves a connection and returns when it is over. Called on many threads at once; the
  /// descriptor stays owned by this class and open during the call.
  using Serve = std::function<void(int descriptor, Place& place)>;

  ConnectionThreads(std::size_t limit, Serve serve) : limit_(limit), serve_(std::move(serve)) {}
  ConnectionThreads(const ConnectionThreads&) = delete;
  ConnectionThreads& operator=(const ConnectionThreads&) = delete;
  ConnectionThreads(ConnectionThreads&&) = delete;
  ConnectionThreads& operator=(ConnectionThreads&&) = delete;
  ~ConnectionThreads() { stop(std::chrono::milliseconds{0}); }

  /// Hands the connection to a thread. False, and the connection untouched, where as many as the
  /// limit have a request under way or the system gives no more threads.
  [[nodiscard]] bool run(persistence::FileDescriptor& connection);

  /// Waits until all connections are over. What is not after `grace` reads no more, and is shut
  /// down limits::last_words later. Returns when every thread has ended. run() must not be called
  /// any more.
  void stop(std::chrono::milliseconds grace);

 private:
  struct Worker {
    std::thread thread;
    int connection = -1;  ///< Being served; -1 for none.
    /// Since when it waits for a request; nothing while it has one, or is told to leave.
    std::optional<jobs::SteadyTime> waits_since;
    bool leaving = false;  ///< Shut down to make room, and not over yet.
    bool ended = false;
  };

  [[nodiscard]] bool make_room();
  void work(Worker& worker);
  void join_ended();
  void shut_down_all(int direction) const;

  std::size_t limit_;
  Serve serve_;
  std::mutex mutex_;
  std::condition_variable work_;  ///< A connection waits for a thread, or stop() was called.
  std::condition_variable all_closed_;
  std::list<Worker> workers_;
  std::deque<persistence::FileDescriptor> waiting_;  ///< Handed over, not yet taken by a thread.
  std::size_t open_ = 0;                             ///< Connections waiting or being served.
  std::size_t leaving_ = 0;                          ///< Of those, shut down to make room.
  std::size_t idle_ = 0;                             ///< Threads without a connection.
  bool stopping_ = false;
};

}  // namespace darkroom::http
