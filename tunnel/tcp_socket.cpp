#include "tunnel/tcp_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace darkroom::tunnel {
namespace {

constexpr int backlog = 512;
constexpr int kind = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

/// Where the kernel knows an option, it takes it; where not, the connection works without.
void set(const Descriptor& socket, int level, int option, int value) {
  ::setsockopt(socket.number(), level, option, &value, sizeof(value));
}

std::optional<tcp_info> read_info(const Descriptor& socket) {
  tcp_info info{};
  socklen_t length = sizeof(info);
  if (::getsockopt(socket.number(), IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return {};
  return info;
}

bool listens(const Descriptor& socket, const Address& address) {
  // So that a restart need not wait for the connections of the last run to be forgotten.
  set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  return ::bind(socket.number(), address.get(), address.length) == 0 &&
         ::listen(socket.number(), backlog) == 0;
}

}  // namespace

tl::expected<Descriptor, std::string> listen_at(EventLoop& loop, const std::string& host,
                                                std::uint16_t port) {
  const auto fault = [&](const std::string& why) {
    return tl::unexpected{fmt::format("cannot listen on {}: {}", endpoint_text(host, port), why)};
  };
  const auto addresses = look_up(host, port, true);
  if (!addresses) return fault(addresses.error());
  int error = 0;
  for (const Address& address : *addresses) {
    const int number = ::socket(address.storage.ss_family, kind, 0);
    if (number < 0) {
      error = errno;
      continue;
    }
    Descriptor socket{loop, number};
    if (listens(socket, address)) return socket;
    error = errno;
  }
  return fault(std::generic_category().message(error));
}

Address local_address(const Descriptor& socket) {
  Address address;
  ::getsockname(socket.number(), address.get(), &address.length);
  return address;
}

tl::expected<Accepted, AcceptFault> accept_next(EventLoop& loop, const Descriptor& listener) {
  while (true) {
    Address from;
    from.length = sizeof(from.storage);
    const int number =
        ::accept4(listener.number(), from.get(), &from.length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (number >= 0) {
      try {
        return Accepted{.socket = Descriptor{loop, number}, .from = from};
      } catch (const std::exception&) {
        ::close(number);
        return tl::unexpected{AcceptFault::exhausted};
      }
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return tl::unexpected{AcceptFault::none_waiting};
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      return tl::unexpected{AcceptFault::exhausted};
    }
    // Else the connection ended before it was taken (accept(2)); the next may wait.
    if (errno == EBADF || errno == EINVAL) return tl::unexpected{AcceptFault::none_waiting};
  }
}

tl::expected<Descriptor, int> begin_connect(EventLoop& loop, const Address& address) {
  const int number = ::socket(address.storage.ss_family, kind, 0);
  if (number < 0) return tl::unexpected{errno};
  Descriptor socket{loop, number};
  if (::connect(number, address.get(), address.length) == 0 || errno == EINPROGRESS) return socket;
  return tl::unexpected{errno};
}

int connect_result(const Descriptor& socket) {
  int error = 0;
  socklen_t length = sizeof(error);
  if (::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &length) != 0) return errno;
  return error;
}

void send_at_once(const Descriptor& socket) {
  set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
}

void watch_peer(const Descriptor& socket, std::chrono::milliseconds timeout) {
  const int seconds = std::max(2, static_cast<int>(timeout.count() / 1'000));
  const int idle = std::clamp(seconds / 2, 1, 3);
  set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, idle);
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, 1);
  set(socket, IPPROTO_TCP, TCP_KEEPCNT, seconds - idle);
}

bool is_gone(const Descriptor& socket) {
  // Not by its state: one that both sides have ended in order is closed too, and may have megabytes
  // that were not read yet.
  pollfd entry{.fd = socket.number(), .events = 0, .revents = 0};
  return ::poll(&entry, 1, 0) > 0 && (entry.revents & (POLLERR | POLLNVAL)) != 0;
}

bool is_lost(const Descriptor& socket, std::chrono::milliseconds timeout) {
  const auto info = read_info(socket);
  if (!info) return true;
  // Of the probes that ask a peer without room, those that it has not answered.
  constexpr int unanswered_probes = 3;
  const bool waits = info->tcpi_unacked > 0 || info->tcpi_probes >= unanswered_probes;
  return waits && std::chrono::milliseconds{info->tcpi_last_ack_recv} > timeout;
}

void wait_for_bytes(const Descriptor& socket, int count) {
  set(socket, SOL_SOCKET, SO_RCVLOWAT, count);
}

void cut_on_close(const Descriptor& socket) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

}  // namespace darkroom::tunnel
