#include "tunnel/tls_identity.hpp"

#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <spdlog/spdlog.h>

#include "tls/certificate_text.hpp"
#include "tunnel/tls_session.hpp"

namespace darkroom::tunnel {
namespace {

/// A node's certificate and those above it take about 1 KiB.
constexpr long max_peer_certificates = 16L << 10U;

/// AES with 128 bits first: RFC 8446, section 9.1 has every peer know it, and it is a quarter
/// faster than with 256.
constexpr const char* ciphers =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

bool use_own_certificate(SSL_CTX& context, const TlsMaterial& material) {
  if (::SSL_CTX_use_certificate(&context, material.chain.front().get()) != 1) return false;
  for (std::size_t i = 1; i < material.chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(&context, material.chain[i].get()) != 1) return false;
  }
  return ::SSL_CTX_use_PrivateKey(&context, material.key.get()) == 1;
}

bool trust_own_ca_alone(SSL_CTX& context, const TlsMaterial& material) {
  X509_STORE* const store = ::SSL_CTX_get_cert_store(&context);
  unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN;
  for (const tls::Handle<x509_st>& ca : material.ca) {
    if (::X509_STORE_add_cert(store, ca.get()) != 1) return false;
  }
  if (material.revocations) {
    if (::X509_STORE_add_crl(store, material.revocations.get()) != 1) return false;
    flags |= X509_V_FLAG_CRL_CHECK;
  }
  return ::X509_STORE_set_flags(store, flags) == 1;
}

/// Buffers are given back between records: most connections are idle most of the time. The CA's own
/// certificate is not sent along; who does not have it would not trust it. There is no resumption,
/// so that each connection is checked against the files as they are by then.
bool set_options(SSL_CTX& context) {
  SSL_CTX_set_mode(&context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN |
                                 SSL_MODE_ENABLE_PARTIAL_WRITE |
                                 SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_options(&context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_max_cert_list(&context, max_peer_certificates);
  ::SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       [](int good, X509_STORE_CTX* check) {
                         if (good == 0) TlsSession::note_refused_peer(*check);
                         return good;
                       });
  return SSL_CTX_set_min_proto_version(&context, TLS1_3_VERSION) == 1 &&
         ::SSL_CTX_set_num_tickets(&context, 0) == 1 &&
         ::SSL_CTX_set_ciphersuites(&context, ciphers) == 1;
}

tls::Handle<ssl_ctx_st> make_context(const TlsMaterial& material) {
  tls::Handle<ssl_ctx_st> context{::SSL_CTX_new(::TLS_method())};
  const bool ready = context && set_options(*context) && use_own_certificate(*context, material) &&
                     trust_own_ca_alone(*context, material);
  return ready ? std::move(context) : nullptr;
}

}  // namespace

tl::expected<std::unique_ptr<TlsIdentity>, std::string> TlsIdentity::load(TlsFiles files,
                                                                          TlsRole role) {
  std::unique_ptr<TlsIdentity> identity{new TlsIdentity(std::move(files), role)};
  identity->seen_ = identity->stamps();
  if (auto loaded = identity->load_now(); !loaded) return tl::unexpected{loaded.error()};
  return identity;
}

tls::Handle<ssl_st> TlsIdentity::new_session() const {
  tls::Handle<ssl_st> session{::SSL_new(context_.get())};
  if (!session) return nullptr;
  if (role_ == TlsRole::front) {
    ::SSL_set_accept_state(session.get());
  } else {
    ::SSL_set_connect_state(session.get());
  }
  return session;
}

bool TlsIdentity::refresh() {
  const Stamps now = stamps();
  const bool rested = std::exchange(seen_, now) == now;
  if (!rested || now == loaded_) return false;
  if (const auto loaded = load_now(); !loaded) {
    spdlog::error("the changed TLS files are not used, those before stay in force: {}",
                  loaded.error());
    return false;
  }
  spdlog::info("took the changed TLS files; this node's certificate is good until {}",
               tls::time_text(expires()));
  warned_.reset();
  return true;
}

bool TlsIdentity::is_revoked(const ssl_st& session) const {
  X509* const peer = ::SSL_get0_peer_certificate(&session);
  X509_REVOKED* entry = nullptr;
  return peer != nullptr && material_.revocations &&
         ::X509_CRL_get0_by_cert(material_.revocations.get(), &entry, peer) == 1;
}

void TlsIdentity::warn_of_end() {
  constexpr std::chrono::hours early{14 * 24};
  constexpr std::chrono::hours pause{24};
  const auto now = std::chrono::steady_clock::now();
  const auto left = expires() - tls::now_in_seconds();
  if (left > early || (warned_ && now - *warned_ < pause)) return;
  warned_ = now;
  if (left.count() < 0) {
    spdlog::error(
        "this node's certificate {} expired on {}: other nodes refuse it; issue a new one",
        files_.certificate.string(), tls::time_text(expires()));
  } else {
    spdlog::warn("this node's certificate {} expires on {}: issue a new one",
                 files_.certificate.string(), tls::time_text(expires()));
  }
}

TlsIdentity::Stamps TlsIdentity::stamps() const {
  return {tls::FileStamp::of(files_.ca), tls::FileStamp::of(files_.certificate),
          tls::FileStamp::of(files_.key), tls::FileStamp::of(files_.revocations)};
}

tl::expected<void, std::string> TlsIdentity::load_now() {
  loaded_ = seen_;
  auto material = read_tls_files(files_, role_);
  if (!material) return tl::unexpected{material.error()};
  auto context = make_context(*material);
  if (!context) return tl::unexpected{"TLS cannot be set up: " + tls::openssl_error()};
  material_ = *std::move(material);
  context_ = std::move(context);
  name_ = tls::common_name(material_.own());
  expires_ = tls::end_of(material_.own()).time_since_epoch().count();
  return {};
}

}  // namespace darkroom::tunnel
