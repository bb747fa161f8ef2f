#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "tls/openssl_handles.hpp"
#include "tunnel/options.hpp"

namespace darkroom::tunnel {

/// Which end of a TLS connection a node is.
enum class TlsRole : std::uint8_t {
  front,      ///< The server.
  connector,  ///< The client.
};

/// What a node's files hold, checked.
struct TlsMaterial {
  std::vector<tls::Handle<x509_st>> ca;     ///< At least one.
  std::vector<tls::Handle<x509_st>> chain;  ///< The node's own certificate, then those above it.
  tls::Handle<evp_pkey_st> key;
  tls::Handle<X509_crl_st> revocations;  ///< Null where none are configured.

  [[nodiscard]] const x509_st& own() const { return *chain.front(); }
};

/// Reads and checks the files. The error is a whole sentence with the file's name: it cannot be
/// read, is not PEM, or others can read the key; the certificate is of another key or another CA,
/// has expired or is not valid yet, is revoked or not for this role; the list of revocations is not
/// this CA's or is out of date.
[[nodiscard]] tl::expected<TlsMaterial, std::string> read_tls_files(const TlsFiles& files,
                                                                    TlsRole role);

/// The common name in a node's own certificate, which is the node's name; nothing where the file
/// cannot be read, which read_tls_files() says better, or has none.
[[nodiscard]] std::optional<std::string> certificate_name(const TlsFiles& files);

}  // namespace darkroom::tunnel
