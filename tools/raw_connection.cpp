#include "tools/raw_connection.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

namespace darkroom::tools {
namespace {

using Failure = tl::unexpected<std::string>;

constexpr time_t patience_seconds = 120;

Failure failure(const char* what) {
  return Failure(std::string{what} + ": " + std::generic_category().message(errno));
}

/// Takes `count` bytes off the front of the pieces.
void pass(std::span<iovec>& pieces, std::size_t count) {
  while (!pieces.empty() && count >= pieces.front().iov_len) {
    count -= pieces.front().iov_len;
    pieces = pieces.subspan(1);
  }
  if (pieces.empty()) return;
  pieces.front().iov_base = static_cast<std::byte*>(pieces.front().iov_base) + count;
  pieces.front().iov_len -= count;
}

}  // namespace

tl::expected<persistence::FileDescriptor, std::string> connect_locally(std::uint16_t port,
                                                                       int receive_buffer) {
  persistence::FileDescriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!socket) return failure("cannot make a socket");
  const int number = socket.number();
  if (receive_buffer > 0) {
    ::setsockopt(number, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  const int on = 1;
  ::setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const timeval patience{.tv_sec = patience_seconds, .tv_usec = 0};
  ::setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::connect(number, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return failure("cannot connect to the port");
  }
  return socket;
}

tl::expected<RawConnection, std::string> RawConnection::open(std::uint16_t port) {
  auto socket = connect_locally(port);
  if (!socket) return Failure(socket.error());
  return RawConnection{std::move(*socket)};
}

tl::expected<int, std::string> RawConnection::exchange(
    std::span<const std::span<const std::byte>> pieces) {
  constexpr std::size_t most_pieces = 4;
  std::array<iovec, most_pieces> vectors{};
  std::span<iovec> left{vectors.data(), pieces.size()};
  for (std::size_t i = 0; i < left.size(); ++i)
    left[i] = {.iov_base = const_cast<std::byte*>(pieces[i].data()), .iov_len = pieces[i].size()};
  while (!left.empty()) {
    msghdr message{};
    message.msg_iov = left.data();
    message.msg_iovlen = left.size();
    const auto sent = ::sendmsg(socket_.number(), &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    // A server that refuses early has said why before it closed.
    if (sent < 0) {
      auto answer = read_answer();
      return answer ? answer : failure("cannot send");
    }
    pass(left, static_cast<std::size_t>(sent));
  }
  return read_answer();
}

tl::expected<int, std::string> RawConnection::read_answer() {
  received_.clear();
  std::size_t whole = 0;
  while (whole == 0 || received_.size() < whole) {
    std::array<char, 16'384> bytes{};
    const auto count = ::recv(socket_.number(), bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure("cannot receive");
    if (count == 0) return Failure("the server closed the connection before it had answered");
    received_.append(bytes.data(), static_cast<std::size_t>(count));
    const auto end = end_of_header(received_);
    if (whole == 0 && end != std::string::npos) {
      whole = end + content_length_of(std::string_view{received_}.substr(0, end));
    }
  }
  constexpr std::size_t status_at = std::string_view{"HTTP/1.1 "}.size();
  int status = 0;
  std::from_chars(received_.data() + status_at, received_.data() + received_.size(), status);
  return status;
}

std::size_t end_of_header(std::string_view message) {
  constexpr std::string_view empty_line = "\r\n\r\n";
  const auto found = message.find(empty_line);
  return found == std::string_view::npos ? found : found + empty_line.size();
}

std::size_t content_length_of(std::string_view header) {
  constexpr std::string_view name = "\r\ncontent-length:";
  const auto found = std::ranges::search(header, name, [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == b;
  });
  if (found.empty()) return 0;
  auto digits = std::string_view{found.end(), header.end()};
  digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
  std::size_t length = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), length);
  return length;
}

}  // namespace darkroom::tools
