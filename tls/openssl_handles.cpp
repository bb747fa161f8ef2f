#include "tls/openssl_handles.hpp"

#include <array>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace darkroom::tls {

void FreeOpenssl::operator()(evp_pkey_st* key) const {
  ::EVP_PKEY_free(key);
}
void FreeOpenssl::operator()(ssl_ctx_st* context) const {
  ::SSL_CTX_free(context);
}
void FreeOpenssl::operator()(ssl_st* session) const {
  ::SSL_free(session);
}
void FreeOpenssl::operator()(x509_st* certificate) const {
  ::X509_free(certificate);
}
void FreeOpenssl::operator()(X509_crl_st* list) const {
  ::X509_CRL_free(list);
}

std::string openssl_error() {
  const unsigned long code = ::ERR_get_error();
  ::ERR_clear_error();
  if (code == 0) return "OpenSSL gives no reason";
  const char* const reason = ::ERR_reason_error_string(code);
  if (reason != nullptr) return reason;
  std::array<char, 256> text{};
  ::ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

}  // namespace darkroom::tls
