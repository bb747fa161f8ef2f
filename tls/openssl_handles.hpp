#pragma once

#include <memory>
#include <string>

// Named as OpenSSL's headers name them, which stay out of ours.
struct asn1_string_st;
struct evp_pkey_st;
struct ssl_ctx_st;
struct ssl_st;
struct x509_st;
struct X509_crl_st;

namespace darkroom::tls {

struct FreeOpenssl {
  void operator()(evp_pkey_st* key) const;
  void operator()(ssl_ctx_st* context) const;
  void operator()(ssl_st* session) const;
  void operator()(x509_st* certificate) const;
  void operator()(X509_crl_st* list) const;
};

/// Owns something of OpenSSL's.
template <class Object>
using Handle = std::unique_ptr<Object, FreeOpenssl>;

/// What OpenSSL has noted as gone wrong on this thread, which it then forgets: the oldest entry,
/// the one that the others follow from.
[[nodiscard]] std::string openssl_error();

}  // namespace darkroom::tls
