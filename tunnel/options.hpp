#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace darkroom::tunnel {

/// The files that a node proves itself with, all PEM. All empty: no TLS.
struct TlsFiles {
  std::filesystem::path ca;           ///< Certificates of the cluster's CA.
  std::filesystem::path certificate;  ///< This node's own, and those between it and the CA.
  std::filesystem::path key;          ///< Of `certificate`.
  std::filesystem::path revocations;  ///< The CA's list of revoked certificates (CRL); optional.

  /// Whether TLS is configured; see tls_fault() for half a configuration.
  [[nodiscard]] bool given() const { return !ca.empty(); }
};

/// Settings of the node port; each is a key of [node] in config.toml.
struct Options {
  std::string host = "127.0.0.1";  ///< Where the front listens.
  std::uint16_t join = 0;          ///< Its port; 0: any free one.
  bool insecure = false;           ///< Beyond loopback without TLS.
  TlsFiles tls = {};
  std::chrono::milliseconds handshake_timeout{5'000};  ///< From connecting to being proven.
  std::chrono::milliseconds peer_timeout{8'000};       ///< Silence after which a peer is gone.
  std::uint32_t max_peers = 1'024;                     ///< Connections at once, with those below.
  std::uint32_t max_handshakes = 64;                   ///< Of them not yet proven.
};

/// What a program speaks and which one it is.
struct Versions {
  std::string wire;
  std::string program;
};

/// localhost, 127.x.x.x or ::1: nobody beyond this machine.
[[nodiscard]] bool is_loopback(std::string_view host);

/// What is wrong with the choice of files: some are given and some are missing. A whole sentence.
[[nodiscard]] std::optional<std::string> tls_fault(const TlsFiles& files);

/// Why a port at `host`, said as `what` ("node.host"), may not be used with these settings: it lies
/// beyond this machine, without TLS, and `insecure` is not set. A whole sentence.
[[nodiscard]] std::optional<std::string> exposure_fault(const Options& options,
                                                        std::string_view what,
                                                        std::string_view host);

}  // namespace darkroom::tunnel
