#include "tests/tunnel/plain_socket.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace darkroom::tunnel::tests {
namespace {

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  return address;
}

bool ready(int socket, short what, std::chrono::milliseconds time) {
  pollfd entry{.fd = socket, .events = what, .revents = 0};
  return ::poll(&entry, 1, static_cast<int>(time.count())) == 1;
}

}  // namespace

PlainSocket::~PlainSocket() {
  if (number_ >= 0) ::close(number_);
}

PlainSocket PlainSocket::connect(std::uint16_t port, const std::string& from) {
  PlainSocket socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const int yes = 1;
  // A thousand sockets must not use up the ports of the machine.
  ::setsockopt(socket.number_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof(yes));
  ::setsockopt(socket.number_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  const sockaddr_in source = address_of(from, 0);
  const sockaddr_in target = address_of("127.0.0.1", port);
  if (::bind(socket.number_, reinterpret_cast<const sockaddr*>(&source), sizeof(source)) != 0 ||
      ::connect(socket.number_, reinterpret_cast<const sockaddr*>(&target), sizeof(target)) != 0) {
    throw std::system_error(errno, std::generic_category(), "connect");
  }
  return socket;
}

bool PlainSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!ready(number_, POLLOUT, patience)) return false;
    const ssize_t put = ::send(number_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (put < 0 && errno != EAGAIN) return false;
    if (put > 0) bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

void PlainSocket::end_sending() {
  ::shutdown(number_, SHUT_WR);
}

std::string PlainSocket::receive(std::size_t most) {
  if (!ready(number_, POLLIN, patience)) throw std::runtime_error("nothing came");
  std::string bytes(most, '\0');
  const ssize_t got = ::recv(number_, bytes.data(), bytes.size(), 0);
  in_order_ = got == 0;
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

std::string PlainSocket::receive_exactly(std::size_t count) {
  std::string bytes;
  while (bytes.size() < count) {
    const std::string next = receive(count - bytes.size());
    if (next.empty()) break;
    bytes += next;
  }
  return bytes;
}

std::string PlainSocket::receive_all() {
  std::string bytes;
  while (true) {
    const std::string next = receive();
    if (next.empty()) return bytes;
    bytes += next;
  }
}

bool PlainSocket::closed_within(std::chrono::milliseconds time) {
  if (!ready(number_, POLLIN, time)) return false;
  char byte = 0;
  return ::recv(number_, &byte, 1, 0) <= 0;
}

}  // namespace darkroom::tunnel::tests
