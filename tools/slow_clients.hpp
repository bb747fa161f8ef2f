#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

namespace darkroom::tools {

/// Clients that hold a server up as long as it lets them, a third of each kind: those that send the
/// body of an upload a byte a second, those that send header fields a byte a second and never end,
/// and those that ask for a file again and again and never read it. One that is cut off comes again
/// at once.
class SlowClients {
 public:
  /// Connects that many to the port of this machine, and returns once each has tried. `file` is the
  /// target of a large one, "/v1/jobs/...".
  SlowClients(std::uint16_t port, std::size_t count, std::string file);
  SlowClients(const SlowClients&) = delete;
  SlowClients& operator=(const SlowClients&) = delete;
  SlowClients(SlowClients&&) = delete;
  SlowClients& operator=(SlowClients&&) = delete;
  ~SlowClients() = default;

  [[nodiscard]] std::size_t connected() const { return connected_; }  ///< Now.
  /// How often the server has ended a connection so far.
  [[nodiscard]] std::uint64_t cut_off() const { return cut_off_; }

 private:
  std::atomic<std::size_t> connected_{0};
  std::atomic<std::uint64_t> cut_off_{0};
  std::atomic<bool> all_tried_{false};
  std::jthread thread_;
};

}  // namespace darkroom::tools
