#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

#include "persistence/file_descriptor.hpp"

namespace darkroom::http {

/// A socket that listens.
class Listener {
 public:
  /// `port` 0 takes any free one. The error says why the address cannot be had and what to change.
  [[nodiscard]] static tl::expected<Listener, std::string> open(const std::string& host,
                                                                std::uint16_t port);

  /// Takes over a socket that is no TCP socket, and listens already; see local_socket.hpp.
  explicit Listener(persistence::FileDescriptor socket) : Listener(std::move(socket), 0) {}

  /// 0 for a socket that has none.
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Only this machine can connect.
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] int descriptor() const { return socket_.number(); }

  /// What accept() came to: a connection in non-blocking mode, nothing to accept now, or no
  /// descriptor or memory left, in which case trying again at once would only spin.
  enum class State : std::uint8_t { accepted, nothing, exhausted };
  struct Accepted {
    State state = State::nothing;
    persistence::FileDescriptor connection;
  };
  [[nodiscard]] Accepted accept() const;

 private:
  Listener(persistence::FileDescriptor socket, std::uint16_t port)
      : socket_(std::move(socket)), port_(port) {}

  persistence::FileDescriptor socket_;
  std::uint16_t port_;
};

}  // namespace darkroom::http
