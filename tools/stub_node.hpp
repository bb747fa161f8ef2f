#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "tools/turnaround_log.hpp"

namespace darkroom::tools {

/// A simulated worker node with an actor system of its own, and so a connection of its own to the
/// coordinator. It reports each task as completed, with all renditions, the moment it comes, and
/// sends heartbeats at the interval of a real one.
class StubNode {
 public:
  struct Options {
    std::uint16_t port = 0;  ///< Of the coordinator, on loopback.
    std::string name;
    std::uint32_t slots = 1;
    std::chrono::milliseconds first_heartbeat{0};  ///< After joining, so that not all come at once.
  };

  /// Connects, and asks to join.
  [[nodiscard]] static tl::expected<std::unique_ptr<StubNode>, std::string> start(
      const Options& options);

  StubNode(const StubNode&) = delete;
  StubNode& operator=(const StubNode&) = delete;
  StubNode(StubNode&&) = delete;
  StubNode& operator=(StubNode&&) = delete;
  ~StubNode();

  /// Adds what was noted so far. From any thread.
  void add_to(TurnaroundLog& log) const;

 private:
  struct Notes;
  struct System;

  StubNode();

  std::unique_ptr<Notes> notes_;
  std::unique_ptr<System> system_;  ///< Its actor writes the notes, so it ends first.
};

}  // namespace darkroom::tools
