#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "http/connection_places.hpp"
#include "persistence/file_descriptor.hpp"

namespace darkroom::http {

/// Threads that serve one connection each: made on demand up to a limit, kept a while for the next
/// connection, ended when idle. Where the limit is reached, a new connection takes the place of
/// another as ConnectionPlaces says, so that neither silent clients nor one with very many
/// connections shut the others out.
class ConnectionThreads {
 public:
  /// A connection's place among those that are open; used by the thread that serves it.
  class Place {
   public:
    Place(ConnectionThreads& threads, ConnectionPlaces::Place& place)
        : threads_(threads), place_(place) {}

    /// From now on the connection is among the first that are shut down in favour of a new one. So
    /// it is at first.
    void wait_for_request();

    /// A whole header has come: from now on it goes only in favour of another client. False where
    /// it has lost its place already.
    [[nodiscard]] bool begin_request();

   private:
    ConnectionThreads& threads_;
    ConnectionPlaces::Place& place_;
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

  /// Hands the connection of `client`, as ConnectionPlaces takes it, to a thread. False, and the
  /// connection untouched, where none makes room for it or the system gives no more threads.
  [[nodiscard]] bool run(persistence::FileDescriptor& connection, const std::string& client);

  /// Waits until all connections are over. What is not after `grace` reads no more, and is shut
  /// down limits::last_words later. Returns when every thread has ended. run() must not be called
  /// any more.
  void stop(std::chrono::milliseconds grace);

 private:
  struct Worker {
    std::thread thread;
    std::list<Worker>::iterator self;
  };
  /// A connection that no thread has taken yet.
  struct Handed {
    persistence::FileDescriptor connection;
    ConnectionPlaces::Place* place;
  };

  [[nodiscard]] bool make_room(const std::string& client);
  [[nodiscard]] bool add_thread();
  void work(Worker& worker);
  void serve(Handed handed, std::unique_lock<std::mutex>& lock);
  void shut_down_all(int direction) const;

  std::size_t limit_;
  Serve serve_;
  std::mutex mutex_;
  std::condition_variable work_;  ///< A connection waits for a thread, or stop() was called.
  std::condition_variable all_closed_;
  std::condition_variable thread_ended_;
  ConnectionPlaces places_;  ///< Of all connections, handed over or being served.
  std::list<Worker> workers_;
  std::list<Worker> ended_;  ///< Those that do nothing more, to be joined.
  std::deque<Handed> waiting_;
  std::size_t idle_ = 0;  ///< Threads without a connection.
  bool stopping_ = false;
};

}  // namespace darkroom::http
