#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "http/transfer.hpp"
#include "tls/openssl_handles.hpp"

namespace darkroom::http {

/// The server's end of TLS on a connected socket that does not block; it stays its owner's to
/// close. Used by one thread.
class TlsLayer {
 public:
  TlsLayer(tls::Handle<ssl_st> session, int socket);
  TlsLayer(const TlsLayer&) = delete;
  TlsLayer& operator=(const TlsLayer&) = delete;
  TlsLayer(TlsLayer&&) = delete;
  TlsLayer& operator=(TlsLayer&&) = delete;
  ~TlsLayer() = default;

  /// To be called until it is done; nothing is read or written before.
  [[nodiscard]] TransferState handshake();
  [[nodiscard]] Transfer read(std::span<char> into);
  /// What could not be written must come again, as it was.
  [[nodiscard]] Transfer write(std::string_view bytes);

  /// Tells the client that nothing more comes (RFC 8446, section 6.1), by which it knows an answer
  /// that was cut off from a whole one.
  [[nodiscard]] TransferState finish();

  /// Bytes that read() has without the socket.
  [[nodiscard]] bool has_decrypted() const;

  /// What has come from the socket so far, as it came.
  [[nodiscard]] std::uint64_t bytes_received() const { return wire_.received; }

  /// Why the connection was over before its end, in words; empty where it was not.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  /// What OpenSSL reads from and writes to, by way of its callbacks.
  struct Wire {
    int socket;
    std::uint64_t received = 0;
  };
  struct Callbacks;

  [[nodiscard]] TransferState outcome(int result);

  Wire wire_;
  std::string failure_;
  tls::Handle<ssl_st> session_;
};

}  // namespace darkroom::http
