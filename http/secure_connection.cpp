#include "http/secure_connection.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <spdlog/spdlog.h>

#include "http/problem.hpp"
#include "http/request_id.hpp"
#include "http/tls_layer.hpp"

namespace darkroom::http {
namespace {

void log_failure(LogThrottle& log, const ClientSocket& socket, const std::string& why) {
  if (const auto held_back = log.pass(std::chrono::steady_clock::now())) {
    spdlog::info("TLS handshake failed: {} (client {} port {}) held_back={}", why,
                 socket.peer_address(), socket.peer_port(), *held_back);
  }
}

}  // namespace

bool secure_connection(ClientSocket& socket, ConnectionThreads::Place& place,
                       const ServerCertificate& certificate, const StopSignal& stop,
                       LogThrottle& log) {
  auto session = certificate.new_session();
  if (!session) {
    spdlog::error("no memory for a connection with TLS");
    return false;
  }
  auto layer = std::make_unique<TlsLayer>(std::move(session), socket.descriptor());
  const TlsLayer& made = *layer;
  const Handshake handshake = socket.shake_hands(std::move(layer), stop);
  if (handshake == Handshake::done) return true;
  const bool plain = handshake == Handshake::plain_http;
  log_failure(log, socket, plain ? "it speaks plain HTTP" : socket.handshake_failure());
  // Who said too little for too long has nothing to hear, and no more time.
  if (!plain && made.failure().empty()) return false;
  if (plain) {
    socket.extend_deadline_for_answer();
    const bool written =
        socket
            .write(to_response({ProblemCode::malformed_request,
                                "Plain HTTP was sent to an HTTPS port; let the address begin with "
                                "https://."},
                               new_request_id()))
            .has_value();
    if (!written) return false;
  }
  // So that what it was told, in words or by an alert of TLS, reaches it.
  place.wait_for_request();
  socket.linger();
  return false;
}

}  // namespace darkroom::http
