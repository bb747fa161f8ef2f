#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "tunnel/address.hpp"
#include "tunnel/event_loop.hpp"

namespace darkroom::tunnel {

/// Listens at the first address of `host` that can be had; `port` 0 takes any free one. The error
/// names both.
[[nodiscard]] tl::expected<Descriptor, std::string> listen_at(EventLoop& loop,
                                                              const std::string& host,
                                                              std::uint16_t port);

/// The address that a socket has here.
[[nodiscard]] Address local_address(const Descriptor& socket);

struct Accepted {
  Descriptor socket;
  Address from;
};

enum class AcceptFault : std::uint8_t {
  none_waiting,
  exhausted,  ///< Files, buffers or memory: worth waiting a moment.
};

/// The next connection that waits, without blocking.
[[nodiscard]] tl::expected<Accepted, AcceptFault> accept_next(EventLoop& loop,
                                                              const Descriptor& listener);

/// Begins to connect; the socket becomes writable when that has ended, one way or the other.
[[nodiscard]] tl::expected<Descriptor, int> begin_connect(EventLoop& loop, const Address& address);

/// How connecting ended: 0, or an errno.
[[nodiscard]] int connect_result(const Descriptor& socket);

/// Small messages leave at once.
void send_at_once(const Descriptor& socket);

/// Has the kernel ask a silent peer whether it is still there, so that its loss shows within
/// `timeout`, at least 2 s, as long as nothing is on its way to it; for the rest see is_lost().
void watch_peer(const Descriptor& socket, std::chrono::milliseconds timeout);

/// Whether the connection has failed; to be known also where nobody reads from it.
[[nodiscard]] bool is_gone(const Descriptor& socket);

/// Whether the peer has acknowledged nothing for longer than `timeout` while something is on its
/// way to it. For sockets with watch_peer(), whose idle peers acknowledge more often than that. A
/// peer that has no room for more but answers is there: that is why this is not left to
/// TCP_USER_TIMEOUT, which ends the connection to a peer whose window stays shut, however alive it
/// is (tcp(7); RFC 9293, section 3.8.6.1 wants such a connection kept).
[[nodiscard]] bool is_lost(const Descriptor& socket, std::chrono::milliseconds timeout);

/// Wakes a reader only when that many bytes have come, or the end.
void wait_for_bytes(const Descriptor& socket, int count);

/// Has close() tell the peer that the connection was cut (RST) instead of ended.
void cut_on_close(const Descriptor& socket);

}  // namespace darkroom::tunnel
