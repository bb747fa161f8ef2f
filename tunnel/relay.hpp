#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tunnel/event_loop.hpp"
#include "tunnel/stream.hpp"

namespace darkroom::tunnel {

class TlsIdentity;

/// Carries bytes between a peer and a local service, both ways, until both have ended or one is
/// lost. What one end is too slow to take is not read from the other. An idle relay holds no
/// buffer.
class Relay : public std::enable_shared_from_this<Relay> {
 public:
  Relay(EventLoop& loop, Stream peer, Stream local);

  /// Begins, with bytes that go first. `on_end` is called once, when both connections are closed.
  void start(std::string for_peer, std::string for_local, std::function<void(Relay&)> on_end);

  /// Cuts both connections.
  void cut();

  [[nodiscard]] const Stream& peer() const { return peer_; }
  /// Whether either end is gone without anybody having noticed.
  [[nodiscard]] bool is_lost(std::chrono::milliseconds peer_timeout) const;

 private:
  struct Way {
    Stream* from;
    Stream* to;
    std::string pending = {};  ///< Read and not yet taken by `to`.
    bool read_all = false;
    bool ended = false;
  };

  void pump(Way& way);
  /// Sends what is pending; false where it must wait, or the relay has ended.
  [[nodiscard]] bool flush(Way& way);
  /// Reads once and sends; false as above.
  [[nodiscard]] bool carry(Way& way);
  void finish(Way& way);
  void wait(Way& way, Stream& stream, Progress progress);
  void end();

  EventLoop& loop_;
  Stream peer_;
  Stream local_;
  Way inward_{.from = &peer_, .to = &local_};
  Way outward_{.from = &local_, .to = &peer_};
  std::function<void(Relay&)> on_end_;
  bool closed_ = false;
};

/// The relays of a front or connector. For use on the loop's thread, but for size().
class RelaySet {
 public:
  explicit RelaySet(EventLoop& loop) : loop_(&loop) {}

  void add(Stream peer, Stream local, std::string for_peer, std::string for_local);
  void cut_all();
  /// Cuts those whose peer has been revoked; gives their peers.
  [[nodiscard]] std::vector<std::string> cut_revoked(const TlsIdentity& identity);
  void cut_lost(std::chrono::milliseconds peer_timeout);

  /// From any thread.
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  EventLoop* loop_;
  std::vector<std::shared_ptr<Relay>> relays_;
  std::atomic<std::size_t> size_{0};
};

}  // namespace darkroom::tunnel
