#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/tunnel/plain_socket.hpp"

namespace darkroom::tunnel::tests {

/// A service on a port of 127.0.0.1, with a thread for each connection.
class LocalService {
 public:
  /// `serve` gets each connection, which is closed when it returns.
  explicit LocalService(std::function<void(PlainSocket&)> serve);
  LocalService(const LocalService&) = delete;
  LocalService& operator=(const LocalService&) = delete;
  LocalService(LocalService&&) = delete;
  LocalService& operator=(LocalService&&) = delete;
  ~LocalService();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void run();

  std::function<void(PlainSocket&)> serve_;
  PlainSocket listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::vector<int> open_;  ///< Guarded by the mutex.
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// Sends back what comes, then ends.
void echo(PlainSocket& connection);

}  // namespace darkroom::tunnel::tests
