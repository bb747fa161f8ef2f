#include "tools/echo_server.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "tools/raw_connection.hpp"

namespace darkroom::tools {
namespace {

using persistence::FileDescriptor;

/// As long as the service's answer to an upload, header included.
std::string usual_answer() {
  constexpr std::size_t body = 1'000;
  return "HTTP/1.1 201 Created\r\nContent-Length: " + std::to_string(body) + "\r\n\r\n" +
         std::string(body, ' ');
}

/// Reads requests and answers them until the client closes.
void serve(const FileDescriptor& socket) {
  const auto answer = usual_answer();
  constexpr std::size_t piece = 65'536;
  std::string bytes(piece, '\0');
  std::string head;
  std::size_t left = 0;  // Of the body.
  while (true) {
    const auto got = ::recv(socket.number(), bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    auto count = static_cast<std::size_t>(got);
    if (left == 0) {
      head.append(bytes.data(), count);
      const auto end = end_of_header(head);
      if (end == std::string::npos) continue;
      left = content_length_of(std::string_view{head}.substr(0, end));
      count = head.size() - end;
      head.clear();
    }
    left -= std::min(left, count);
    if (left > 0) continue;
    if (::send(socket.number(), answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return;
  }
}

}  // namespace

tl::expected<std::unique_ptr<EchoServer>, std::string> EchoServer::start() {
  const auto failure = [](const char* what) {
    return tl::unexpected(std::string{what} + ": " + std::generic_category().message(errno));
  };
  FileDescriptor listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!listener) return failure("cannot make a socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener.number(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::listen(listener.number(), SOMAXCONN) != 0 ||
      ::getsockname(listener.number(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return failure("cannot listen");
  }
  return std::unique_ptr<EchoServer>{new EchoServer{std::move(listener), ntohs(address.sin_port)}};
}

EchoServer::EchoServer(FileDescriptor listener, std::uint16_t port)
    : listener_(std::move(listener)), port_(port), acceptor_([this] { accept_all(); }) {}

EchoServer::~EchoServer() {
  // Ends the accept that waits.
  ::shutdown(listener_.number(), SHUT_RDWR);
  acceptor_.join();
}

void EchoServer::accept_all() {
  while (true) {
    FileDescriptor socket{::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (!socket && errno == EINTR) continue;
    if (!socket) return;
    const int on = 1;
    ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections_.emplace_back([socket = std::move(socket)] { serve(socket); });
  }
}

}  // namespace darkroom::tools
