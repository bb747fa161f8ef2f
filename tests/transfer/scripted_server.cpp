#include "tests/transfer/scripted_server.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace darkroom::tests {
namespace {

bool has_input(int descriptor, const std::stop_token& stop) {
  constexpr int pause_ms = 10;
  while (!stop.stop_requested()) {
    pollfd entry{descriptor, POLLIN, 0};
    if (::poll(&entry, 1, pause_ms) > 0) return true;
  }
  return false;
}

/// False where the connection ended before.
bool read_head(int descriptor, const std::stop_token& stop) {
  std::string head;
  std::array<char, 4'096> piece{};
  while (head.find("\r\n\r\n") == std::string::npos) {
    if (!has_input(descriptor, stop)) return false;
    const auto count = ::recv(descriptor, piece.data(), piece.size(), 0);
    if (count <= 0) return false;
    head.append(piece.data(), static_cast<std::size_t>(count));
  }
  return true;
}

/// Until the peer has closed: with bytes left unread, closing would take back what was sent.
void read_to_end(int descriptor, const std::stop_token& stop) {
  ::shutdown(descriptor, SHUT_WR);
  std::array<char, 4'096> piece{};
  while (has_input(descriptor, stop) && ::recv(descriptor, piece.data(), piece.size(), 0) > 0) {
  }
}

}  // namespace

ScriptedServer::ScriptedServer(std::vector<ScriptedReply> replies)
    : replies_(std::move(replies)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.number(), generic, length) != 0 || ::listen(listener_.number(), 16) != 0 ||
      ::getsockname(listener_.number(), generic, &length) != 0) {
    throw std::runtime_error{"cannot listen"};
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
}

ScriptedServer::~ScriptedServer() = default;

void ScriptedServer::serve(const std::stop_token& stop) {
  while (has_input(listener_.number(), stop)) {
    persistence::FileDescriptor connection{
        ::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (!connection || !read_head(connection.number(), stop)) continue;
    const auto& reply = replies_[std::min(requests_.load(), replies_.size() - 1)];
    ++requests_;
    (void)::send(connection.number(), reply.bytes.data(), reply.bytes.size(), MSG_NOSIGNAL);
    if (reply.hangs) {
      hanging_.push_back(std::move(connection));
    } else {
      read_to_end(connection.number(), stop);
    }
  }
}

std::string answer(const std::string& status, const std::string& body,
                   const std::string& header_lines) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         header_lines + "\r\n" + body;
}

std::string problem(const std::string& status, const std::string& code) {
  return answer(status, R"({"code":")" + code + R"(","detail":"So it is."})",
                "Content-Type: application/problem+json\r\n");
}

}  // namespace darkroom::tests
