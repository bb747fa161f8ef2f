#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

#include "http/file_descriptor.hpp"

namespace darkroom::http {

/// Threads that serve one connection each: made on demand up to a limit, kept a while for the next
/// connection, ended when idle.
class ConnectionThreads {
 public:
  /// Serves a connection and returns when it is over. Called on many threads at once; the
  /// descriptor stays owned by this class and open during the call.
  using Serve = std::function<void(int descriptor)>;

  ConnectionThreads(std::size_t limit, Serve serve) : limit_(limit), serve_(std::move(serve)) {}
  ConnectionThreads(const ConnectionThreads&) = delete;
  ConnectionThreads& operator=(const ConnectionThreads&) = delete;
  ConnectionThreads(ConnectionThreads&&) = delete;
  ConnectionThreads& operator=(ConnectionThreads&&) = delete;
  ~ConnectionThreads() { stop(std::chrono::milliseconds{0}); }

  /// Hands the connection to a thread. False, and the connection untouched, where the limit is
  /// reached or the system gives no more threads.
  [[nodiscard]] bool run(FileDescriptor& connection);

  /// Waits until all connections are over, shuts down those that are not after `grace`, and
  /// returns when every thread has ended. run() must not be called any more.
  void stop(std::chrono::milliseconds grace);

 private:
  struct Worker {
    std::thread thread;
    int connection = -1;  ///< Being served; -1 for none.
    bool ended = false;
  };

  void work(Worker& worker);
  void join_ended();

  std::size_t limit_;
  Serve serve_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Worker> workers_;
  std::deque<FileDescriptor> waiting_;  ///< Handed over, not yet taken by a thread.
  std::size_t open_ = 0;                ///< Connections waiting or being served.
  std::size_t idle_ = 0;                ///< Threads without a connection.
  bool stopping_ = false;
};

}  // namespace darkroom::http
