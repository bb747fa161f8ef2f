#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

namespace darkroom::tunnel::tests {

/// What a hostile peer does with a connection.
struct HostileKind {
  std::string name;
  std::string first_bytes;  ///< Sent at once.
  bool drips = false;       ///< Sends one byte a second more.
};

/// Peers that neither speak TLS nor leave: up to a thousand connections from one address, and for
/// each that was closed a new one, five hundred a second. As long as it lives.
class HostileCrowd {
 public:
  HostileCrowd(std::uint16_t port, HostileKind kind, std::string from);
  HostileCrowd(const HostileCrowd&) = delete;
  HostileCrowd& operator=(const HostileCrowd&) = delete;
  HostileCrowd(HostileCrowd&&) = delete;
  HostileCrowd& operator=(HostileCrowd&&) = delete;
  ~HostileCrowd();

  [[nodiscard]] int made() const { return made_; }

 private:
  void run();

  std::uint16_t port_;
  HostileKind kind_;
  std::string from_;
  std::atomic<bool> stop_{false};
  std::atomic<int> made_{0};
  std::thread thread_;
};

/// CPU time that the thread of that name has taken in this process.
[[nodiscard]] std::chrono::duration<double> cpu_time_of_thread(const std::string& name);

/// Memory of this process that is in use, in KiB.
[[nodiscard]] double resident_kib();

/// Lets this process have thousands of sockets.
void raise_file_limit();

}  // namespace darkroom::tunnel::tests
