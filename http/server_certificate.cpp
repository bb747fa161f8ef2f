#include "http/server_certificate.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <spdlog/spdlog.h>

#include "tls/certificate_text.hpp"
#include "tls/pem_files.hpp"

namespace darkroom::http {
namespace {

using Fault = tl::unexpected<std::string>;
using tls::Handle;

/// Of TLS 1.2, those with forward secrecy and authenticated encryption; those of TLS 1.3 all are.
constexpr const char* ciphers_of_tls_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";

constexpr std::chrono::seconds look_interval{1};
constexpr std::chrono::hours warn_before{14 * 24};
constexpr std::chrono::hours warn_interval{24};

struct Material {
  std::vector<Handle<x509_st>> chain;  ///< The service's own certificate, then those above it.
  Handle<evp_pkey_st> key;
};

tl::expected<Material, std::string> read_material(const tls::PemFile& certificate,
                                                  const tls::PemFile& key_file) {
  ::ERR_clear_error();
  auto chain = read_certificates(certificate);
  if (!chain) return Fault{std::move(chain.error())};
  auto key = read_key(key_file);
  if (!key) return Fault{std::move(key.error())};
  const x509_st& own = *chain->front();
  if (auto why = match_fault(key_file, **key, certificate, own); !why.empty()) return Fault{why};
  if (const auto why = tls::time_fault(own, tls::now_in_seconds()); !why.empty()) {
    return Fault{file_fault(certificate, why + "; put a good one in its place")};
  }
  return Material{std::move(*chain), std::move(*key)};
}

/// RFC 7301: clients that offer HTTP/2 as well are told that it is HTTP/1.1; those that want
/// nothing else are refused.
int choose_protocol(SSL* /*session*/, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned int offered_length, void* /*own*/) {
  constexpr std::string_view ours = "\x08http/1.1";
  unsigned char* found = nullptr;
  const int result =
      ::SSL_select_next_proto(&found, length, reinterpret_cast<const unsigned char*>(ours.data()),
                              static_cast<unsigned int>(ours.size()), offered, offered_length);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// Buffers are given back between records: most connections are idle most of the time.
bool set_options(SSL_CTX& context) {
  SSL_CTX_set_mode(&context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN |
                                 SSL_MODE_ENABLE_PARTIAL_WRITE |
                                 SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Clients resume by the tickets that they keep; nothing is remembered here.
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_options(&context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  ::SSL_CTX_set_alpn_select_cb(&context, choose_protocol, nullptr);
  return SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION) == 1 &&
         ::SSL_CTX_set_cipher_list(&context, ciphers_of_tls_1_2) == 1;
}

bool use_material(SSL_CTX& context, const Material& material) {
  if (::SSL_CTX_use_certificate(&context, material.chain.front().get()) != 1) return false;
  for (std::size_t i = 1; i < material.chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(&context, material.chain[i].get()) != 1) return false;
  }
  return ::SSL_CTX_use_PrivateKey(&context, material.key.get()) == 1;
}

}  // namespace

tl::expected<std::unique_ptr<ServerCertificate>, std::string> ServerCertificate::load(
    const Options& options) {
  if (auto fault = tls_fault(options)) return Fault{std::move(*fault)};
  if (options.tls_certificate.empty()) return nullptr;
  std::unique_ptr<ServerCertificate> made{new ServerCertificate(options)};
  made->seen_ = made->stamps();
  if (auto loaded = made->load_now(); !loaded) return Fault{std::move(loaded.error())};
  return made;
}

Handle<ssl_st> ServerCertificate::new_session() const {
  const std::scoped_lock lock{mutex_};
  return Handle<ssl_st>{::SSL_new(context_.get())};
}

void ServerCertificate::keep_up(jobs::SteadyTime now) {
  if (looked_ && now - *looked_ < look_interval) return;
  looked_ = now;
  const Stamps before = std::exchange(seen_, stamps());
  if (before == seen_ && seen_ != loaded_) {
    if (const auto loaded = load_now(); loaded) {
      warned_.reset();
      spdlog::info("took the changed certificate of the HTTP port, which is good until {}",
                   tls::time_text(expires_));
    } else {
      spdlog::error(
          "the changed certificate of the HTTP port is not used, the one before stays in "
          "force: {}",
          loaded.error());
    }
  }
  warn_of_end(now);
}

void ServerCertificate::warn_of_end(jobs::SteadyTime now) {
  const auto left = expires_ - tls::now_in_seconds();
  if (left > warn_before || (warned_ && now - *warned_ < warn_interval)) return;
  warned_ = now;
  if (left.count() < 0) {
    spdlog::error(
        "the certificate of the HTTP port, {}, expired on {}: clients refuse it; put a "
        "new one in its place",
        certificate_.string(), tls::time_text(expires_));
  } else {
    spdlog::warn("the certificate of the HTTP port, {}, expires on {}: put a new one in its place",
                 certificate_.string(), tls::time_text(expires_));
  }
}

ServerCertificate::Stamps ServerCertificate::stamps() const {
  return {tls::FileStamp::of(certificate_), tls::FileStamp::of(key_)};
}

tl::expected<void, std::string> ServerCertificate::load_now() {
  loaded_ = seen_;
  const tls::PemFile certificate{tls_certificate_setting, certificate_};
  const auto material = read_material(certificate, {tls_key_setting, key_});
  if (!material) return Fault{material.error()};
  Handle<ssl_ctx_st> context{::SSL_CTX_new(::TLS_server_method())};
  if (!context || !set_options(*context) || !use_material(*context, *material)) {
    return Fault{file_fault(certificate, "cannot be used: " + tls::openssl_error())};
  }
  expires_ = tls::end_of(*material->chain.front());
  const std::scoped_lock lock{mutex_};
  context_ = std::move(context);
  return {};
}

}  // namespace darkroom::http
