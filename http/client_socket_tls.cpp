#include <chrono>
#include <utility>

#include <poll.h>
#include <sys/socket.h>

#include "http/client_socket.hpp"
#include "http/limits.hpp"
#include "http/socket_wait.hpp"
#include "http/tls_layer.hpp"

// How a connection with TLS begins and ends; what lies between is in client_socket.cpp.

namespace darkroom::http {
namespace {

using SteadyClock = std::chrono::steady_clock;

// A record of TLS begins with its kind, a handshake's with 22; a request begins with a method.
bool begins_a_request(char first) {
  return (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z') || first == '\r' ||
         first == '\n';
}

}  // namespace

Handshake ClientSocket::shake_hands(std::unique_ptr<TlsLayer> layer, const StopSignal& stop) {
  tls_ = std::move(layer);
  const auto until = SteadyClock::now() + timeouts_.read;
  if (!wait_or_stop(POLLIN, until, stop)) return Handshake::failed;
  char first = 0;
  if (::recv(descriptor_, &first, 1, MSG_PEEK) == 1 && begins_a_request(first)) {
    tls_.reset();
    return Handshake::plain_http;
  }
  while (SteadyClock::now() < until) {
    const TransferState state = tls_->handshake();
    if (state == TransferState::ended) {
      slow_ = true;  // So much as an alert needs no long farewell.
      return Handshake::failed;
    }
    if (state == TransferState::done) {
      secured_ = true;
      return Handshake::done;
    }
    const short events = state == TransferState::wants_read ? POLLIN : POLLOUT;
    if (!wait_or_stop(events, until, stop)) return Handshake::failed;
  }
  return Handshake::failed;
}

std::string ClientSocket::handshake_failure() const {
  return tls_ && !tls_->failure().empty() ? tls_->failure() : "it was not finished in time";
}

// A client that does not take it is not waited for long: it has had its answer.
void ClientSocket::finish_tls() {
  if (!std::exchange(secured_, false)) return;
  const auto until = SteadyClock::now() + limits::tls_farewell;
  while (tls_->finish() == TransferState::wants_write) {
    if (poll_until(descriptor_, POLLOUT, until) != Polled::ready) return;
  }
}

}  // namespace darkroom::http
