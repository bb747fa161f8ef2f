#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "tunnel/address.hpp"
#include "tunnel/event_loop.hpp"

namespace darkroom::tunnel {

/// Looks hosts up without holding up the loop: each on a thread of its own, because getaddrinfo(3)
/// can neither be made asynchronous nor be cancelled. A thread that still waits for a name server
/// when this object goes is left to itself. For use on the loop's thread.
class HostLookup {
 public:
  using Found = tl::expected<std::vector<Address>, std::string>;

  explicit HostLookup(EventLoop& loop);
  HostLookup(const HostLookup&) = delete;
  HostLookup& operator=(const HostLookup&) = delete;
  HostLookup(HostLookup&&) = delete;
  HostLookup& operator=(HostLookup&&) = delete;
  /// The loop must have been stopped, or be the one that runs this.
  ~HostLookup();

  /// Calls `then` on the loop's thread.
  void find(const std::string& host, std::uint16_t port, std::function<void(Found)> then);

  /// Forgets who waits.
  void cancel() { waiting_.clear(); }

 private:
  /// Shared with the threads, which outlive the rest.
  struct Mailbox;

  void deliver(std::uint64_t id, Found found);

  std::shared_ptr<Mailbox> mailbox_;
  std::map<std::uint64_t, std::function<void(Found)>> waiting_;
  std::uint64_t last_id_ = 0;
};

}  // namespace darkroom::tunnel
