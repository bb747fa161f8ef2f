#include "tools/slow_clients.hpp"

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/socket.h>

#include "persistence/file_descriptor.hpp"
#include "tools/raw_connection.hpp"

namespace darkroom::tools {
namespace {

enum class Kind : std::uint8_t { slow_body, endless_header, never_reading };

constexpr std::array kinds{Kind::slow_body, Kind::endless_header, Kind::never_reading};

/// What is sent at once, after which bytes drip.
std::string opening(Kind kind, std::uint16_t port, const std::string& file) {
  const std::string host = "Host: 127.0.0.1:" + std::to_string(port) + "\r\n";
  switch (kind) {
    case Kind::slow_body:
      return "POST /v1/jobs HTTP/1.1\r\n" + host +
             "Content-Type: image/jpeg\r\nContent-Length: 800000\r\n\r\n\xFF\xD8\xFF\xE0";
    case Kind::endless_header:
      return "GET /v1/jobs HTTP/1.1\r\n" + host + "X-Endless: ";
    case Kind::never_reading: {
      // More together than the buffers of both sides hold.
      constexpr int requests = 20;
      std::string all;
      for (int i = 0; i < requests; ++i)
        all += "GET " + file + " HTTP/1.1\r\n" + host + "\r\n";
      return all;
    }
  }
  return {};
}

class SlowClient {
 public:
  SlowClient(Kind kind, std::uint16_t port, const std::string& file)
      : kind_(kind), port_(port), file_(file) {}

  [[nodiscard]] bool is_connected() const { return static_cast<bool>(socket_); }

  void connect() {
    constexpr int little = 4'096;
    auto socket = connect_locally(port_, kind_ == Kind::never_reading ? little : 0);
    if (!socket) return;
    socket_ = std::move(*socket);
    to_send_ = opening(kind_, port_, file_);
    send();
  }

  /// Once a second. False where the server has ended the connection.
  [[nodiscard]] bool drip() {
    if (to_send_.empty() && kind_ != Kind::never_reading) to_send_ = "a";
    if (send() && !was_ended()) return true;
    socket_ = {};
    return false;
  }

 private:
  /// As much as goes now. False where the connection is broken.
  bool send() {
    while (!to_send_.empty()) {
      const auto sent =
          ::send(socket_.number(), to_send_.data(), to_send_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0) return errno == EAGAIN || errno == EINTR;
      to_send_.erase(0, static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Any answer to the first two kinds is a refusal; of the last none is read, and a connection
  /// that was ended is seen by sending.
  [[nodiscard]] bool was_ended() const {
    if (kind_ == Kind::never_reading) {
      int error = 0;
      socklen_t size = sizeof error;
      ::getsockopt(socket_.number(), SOL_SOCKET, SO_ERROR, &error, &size);
      return error != 0;
    }
    char byte = 0;
    const auto got = ::recv(socket_.number(), &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    return got >= 0 || (errno != EAGAIN && errno != EINTR);
  }

  Kind kind_;
  std::uint16_t port_;
  const std::string& file_;
  persistence::FileDescriptor socket_;
  std::string to_send_;
};

}  // namespace

SlowClients::SlowClients(std::uint16_t port, std::size_t count, std::string file) {
  thread_ = std::jthread{[this, port, count, file = std::move(file)](const std::stop_token& stop) {
    std::vector<SlowClient> clients;
    for (std::size_t i = 0; i < count; ++i)
      clients.emplace_back(kinds.at(i % kinds.size()), port, file);
    while (!stop.stop_requested()) {
      std::size_t connected = 0;
      for (auto& client : clients) {
        if (client.is_connected() && !client.drip()) ++cut_off_;
        if (!client.is_connected()) client.connect();
        if (client.is_connected()) ++connected;
      }
      connected_ = connected;
      all_tried_ = true;
      all_tried_.notify_all();
      std::this_thread::sleep_for(std::chrono::seconds{1});
    }
  }};
  all_tried_.wait(false);
}

}  // namespace darkroom::tools
