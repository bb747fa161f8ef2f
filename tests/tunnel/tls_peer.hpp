#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "tests/tunnel/plain_socket.hpp"
#include "tls/openssl_handles.hpp"

namespace darkroom::tunnel::tests {

/// A client that takes any server and shows what certificate it likes, by OpenSSL alone. Blocking.
class TlsPeer {
 public:
  enum class Version : std::uint8_t { tls_1_2, tls_1_3 };

  /// Empty paths: without a certificate.
  TlsPeer(std::uint16_t port, const std::filesystem::path& certificate,
          const std::filesystem::path& key, Version version = Version::tls_1_3,
          const std::string& from = "127.0.0.1");

  /// Shakes hands and reads; gives OpenSSL's words for why that failed, "(none)" where it did not.
  [[nodiscard]] std::string refusal();

  /// Shakes hands, sends the line and reads the answer to it, of which it gives what has come.
  [[nodiscard]] std::string answer_to(const std::string& line);

  /// What a client sends first.
  [[nodiscard]] static std::string client_hello();

 private:
  PlainSocket socket_;
  tls::Handle<ssl_ctx_st> context_;
  tls::Handle<ssl_st> session_;
};

}  // namespace darkroom::tunnel::tests
