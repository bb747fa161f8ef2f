#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "tls/openssl_handles.hpp"
#include "tunnel/transfer.hpp"

struct x509_store_ctx_st;

namespace darkroom::tunnel {

/// TLS on a connected socket that does not block. Needs SIGPIPE blocked.
class TlsSession {
 public:
  TlsSession(tls::Handle<ssl_st> session, int socket);

  [[nodiscard]] Progress handshake();
  [[nodiscard]] Transfer read(std::span<char> into);
  [[nodiscard]] Transfer write(std::string_view bytes);
  /// Tells the peer that nothing more comes (RFC 8446, section 6.1); it may go on sending.
  [[nodiscard]] Progress finish_writing();

  /// What has come from the socket so far.
  [[nodiscard]] std::uint64_t bytes_received() const;

  /// "worker-1 (certificate 4F...)"; empty before the handshake is done.
  [[nodiscard]] std::string peer() const;
  /// "worker-1"; empty where its certificate has no common name, or is not there yet.
  [[nodiscard]] std::string peer_name() const;

  /// Why the last step failed, seen from this end: what is wrong with the peer, or what it finds
  /// wrong with us. "its certificate was not issued by this cluster's CA"
  [[nodiscard]] const std::string& failure() const { return state_->failure; }

  [[nodiscard]] const ssl_st& session() const { return *session_; }

  /// For the check of a peer's certificate that has just failed.
  static void note_refused_peer(x509_store_ctx_st& check);

 private:
  /// Where OpenSSL's callback finds it, wherever this object is moved.
  struct State {
    std::string refused_peer;
    std::string failure;
  };

  [[nodiscard]] Progress outcome(int result);
  [[nodiscard]] std::string reason_of_failure(int error, int system_error) const;

  std::unique_ptr<State> state_ = std::make_unique<State>();
  tls::Handle<ssl_st> session_;
};

}  // namespace darkroom::tunnel
