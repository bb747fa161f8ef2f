#pragma once

#include <chrono>
#include <span>
#include <string>

#include "tls/openssl_handles.hpp"
#include "tunnel/issued_certificates.hpp"

namespace darkroom::tunnel {

struct ValidTimes {
  std::chrono::sys_seconds begin;
  std::chrono::sys_seconds end;
};

// What fails here (memory, random numbers) throws std::runtime_error with OpenSSL's reason.

/// A new key on the curve P-256.
[[nodiscard]] tls::Handle<evp_pkey_st> make_key();

/// A certificate of a CA that signs itself; for certificates of nodes and lists of revocations
/// alone.
[[nodiscard]] tls::Handle<x509_st> make_ca_certificate(evp_pkey_st& key, const ValidTimes& times);

/// A node's certificate, good for both ends of a connection. `issuer` and `issuer_key` are the
/// CA's.
[[nodiscard]] tls::Handle<x509_st> make_node_certificate(const std::string& name, evp_pkey_st& key,
                                                         const ValidTimes& times, x509_st& issuer,
                                                         evp_pkey_st& issuer_key);

/// The CA's list of those of `certificates` that are revoked.
///
/// Its nextUpdate is the end of time that RFC 5280, section 4.1.2.5 has for certificates: the list
/// is made when somebody is revoked and not at set times, and one that expired by itself would some
/// night cut every node off. Its number (section 5.2.3) counts the seconds since 1970, so that a
/// later list has a higher one.
[[nodiscard]] tls::Handle<X509_crl_st> make_revocations(
    std::span<const IssuedCertificate> certificates, x509_st& issuer, evp_pkey_st& issuer_key);

/// As PEM.
[[nodiscard]] std::string to_pem(x509_st& certificate);
[[nodiscard]] std::string to_pem(X509_crl_st& list);
[[nodiscard]] std::string to_pem(evp_pkey_st& key);

}  // namespace darkroom::tunnel
