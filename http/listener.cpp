#include "http/listener.hpp"

#include <cerrno>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace darkroom::http {
namespace {

constexpr int backlog = 1024;

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

std::string_view advice(int error) {
  switch (error) {
    case EADDRINUSE:
      return "Another program uses the port: stop it, or set another [http] port.";
    case EACCES:
      return "Ports below 1024 need privileges: set a higher [http] port.";
    case EADDRNOTAVAIL:
      return "No network interface of this machine has the address: set [http] host to one that it "
             "has, or to 0.0.0.0 for all.";
    default:
      return "Set another [http] host or port.";
  }
}

// A listening socket, or errno.
tl::expected<persistence::FileDescriptor, int> listen_on(const addrinfo& address) {
  persistence::FileDescriptor socket{
      ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!socket) return tl::unexpected{errno};
  const int on = 1;
  ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (::bind(socket.number(), address.ai_addr, address.ai_addrlen) != 0 ||
      ::listen(socket.number(), backlog) != 0) {
    return tl::unexpected{errno};
  }
  return socket;
}

sockaddr_storage bound_address(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return address;
}

std::uint16_t bound_port(int socket) {
  const sockaddr_storage address = bound_address(socket);
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

}  // namespace

tl::expected<Listener, std::string> Listener::open(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int failure = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  const Addresses addresses{list, &::freeaddrinfo};
  if (failure != 0) {
    return tl::unexpected{fmt::format(
        "cannot listen on '{}': {}. Set [http] host to an address of this machine, such as "
        "127.0.0.1, or 0.0.0.0 for all.",
        host, ::gai_strerror(failure))};
  }
  int error = 0;
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    auto socket = listen_on(*address);
    if (socket) {
      const std::uint16_t actual = bound_port(socket->number());
      return Listener{std::move(*socket), actual};
    }
    error = socket.error();
  }
  return tl::unexpected{fmt::format("cannot listen on {} port {}: {}. {}", host, port,
                                    std::generic_category().message(error), advice(error))};
}

bool Listener::is_loopback() const {
  const sockaddr_storage address = bound_address(socket_.number());
  if (address.ss_family == AF_UNIX) return true;
  if (address.ss_family == AF_INET6) {
    return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr) != 0;
  }
  constexpr std::uint32_t loopback_net = 127;  // 127.0.0.0/8
  const auto ipv4 = ntohl(reinterpret_cast<const sockaddr_in*>(&address)->sin_addr.s_addr);
  return ipv4 >> 24U == loopback_net;
}

Listener::Accepted Listener::accept() const {
  const int connection =
      ::accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (connection >= 0) return {State::accepted, persistence::FileDescriptor{connection}};
  const bool exhausted = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
  // Everything else is about a connection that is gone already, as accept(2) warns.
  return {exhausted ? State::exhausted : State::nothing, persistence::FileDescriptor{}};
}

}  // namespace darkroom::http
