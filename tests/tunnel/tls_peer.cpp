#include "tests/tunnel/tls_peer.hpp"

#include <array>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/ssl.h>

namespace darkroom::tunnel::tests {

TlsPeer::TlsPeer(std::uint16_t port, const std::filesystem::path& certificate,
                 const std::filesystem::path& key, Version version, const std::string& from)
    : socket_(PlainSocket::connect(port, from)), context_(::SSL_CTX_new(::TLS_client_method())) {
  SSL_CTX_set_max_proto_version(context_.get(),
                                version == Version::tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION);
  if (!certificate.empty() &&
      (::SSL_CTX_use_certificate_file(context_.get(), certificate.c_str(), SSL_FILETYPE_PEM) != 1 ||
       ::SSL_CTX_use_PrivateKey_file(context_.get(), key.c_str(), SSL_FILETYPE_PEM) != 1)) {
    throw std::runtime_error(tls::openssl_error());
  }
  session_.reset(::SSL_new(context_.get()));
  ::SSL_set_fd(session_.get(), socket_.number());
}

std::string TlsPeer::refusal() {
  if (::SSL_connect(session_.get()) != 1) return tls::openssl_error();
  char byte = 0;
  if (::SSL_read(session_.get(), &byte, 1) <= 0) return tls::openssl_error();
  return "(none)";
}

std::string TlsPeer::answer_to(const std::string& line) {
  if (::SSL_connect(session_.get()) != 1) return tls::openssl_error();
  if (::SSL_write(session_.get(), line.data(), static_cast<int>(line.size())) <= 0) {
    return tls::openssl_error();
  }
  std::array<char, 1'024> answer{};
  const int got = ::SSL_read(session_.get(), answer.data(), static_cast<int>(answer.size()));
  return got > 0 ? std::string{answer.data(), static_cast<std::size_t>(got)} : tls::openssl_error();
}

std::string TlsPeer::client_hello() {
  const tls::Handle<ssl_ctx_st> context{::SSL_CTX_new(::TLS_client_method())};
  const tls::Handle<ssl_st> session{::SSL_new(context.get())};
  BIO* const out = ::BIO_new(::BIO_s_mem());
  ::SSL_set_bio(session.get(), ::BIO_new(::BIO_s_mem()), out);
  ::SSL_connect(session.get());
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(out, &bytes);
  return {bytes, static_cast<std::size_t>(length)};
}

}  // namespace darkroom::tunnel::tests
