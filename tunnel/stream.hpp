#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tunnel/event_loop.hpp"
#include "tunnel/tls_session.hpp"
#include "tunnel/transfer.hpp"

namespace darkroom::tunnel {

/// A connection, with TLS or without; no step of it waits.
class Stream {
 public:
  explicit Stream(Descriptor socket) : socket_(std::move(socket)) {}

  /// From here on what is sent and received is TLS.
  void secure(tls::Handle<ssl_st> session);
  [[nodiscard]] bool is_secure() const { return tls_.has_value(); }
  /// Of a secured stream.
  [[nodiscard]] TlsSession& tls() { return *tls_; }
  [[nodiscard]] const TlsSession& tls() const { return *tls_; }

  [[nodiscard]] Transfer read(std::span<char> into);
  [[nodiscard]] Transfer write(std::string_view bytes);
  /// Tells the other end that nothing more comes; reading goes on.
  [[nodiscard]] Progress finish_writing();

  /// Why the last step failed.
  [[nodiscard]] std::string failure() const;

  /// Calls `then` when a step that gave `progress` is worth another try.
  void when(Progress progress, std::function<void()> then);

  [[nodiscard]] Descriptor& socket() { return socket_; }
  [[nodiscard]] const Descriptor& socket() const { return socket_; }
  void close() { socket_.close(); }

 private:
  [[nodiscard]] Progress outcome_of_error();

  Descriptor socket_;
  std::optional<TlsSession> tls_;
  int error_ = 0;
};

}  // namespace darkroom::tunnel
